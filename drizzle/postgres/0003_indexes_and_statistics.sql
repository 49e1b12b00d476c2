CREATE INDEX "contracts_first_seen" ON "contracts" USING btree ("first_seen_at");--> statement-breakpoint
CREATE INDEX "contracts_gone" ON "contracts" USING btree ("gone_at") WHERE gone_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "contracts_listed_sole_type" ON "contracts" USING btree ("sole_type_id","contract_id") WHERE gone_at IS NULL;