DROP INDEX "contract_changes_field";--> statement-breakpoint
CREATE INDEX "contract_changes_contract" ON "contract_changes" USING btree ("contract_id");