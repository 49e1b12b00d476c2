DROP INDEX "contracts_region";--> statement-breakpoint
ALTER TABLE "contracts" ADD COLUMN "asked_item_count" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "contracts" ADD COLUMN "sole_type_id" bigint;--> statement-breakpoint
ALTER TABLE "contracts" ADD COLUMN "sole_quantity" bigint;--> statement-breakpoint
CREATE INDEX "contracts_listed" ON "contracts" USING btree ("date_issued") WHERE gone_at IS NULL;--> statement-breakpoint
CREATE INDEX "contracts_listed_id" ON "contracts" USING btree ("contract_id") WHERE gone_at IS NULL;--> statement-breakpoint
CREATE INDEX "contracts_listed_region" ON "contracts" USING btree ("region_id","date_expired") WHERE gone_at IS NULL;--> statement-breakpoint
CREATE INDEX "contracts_listed_price" ON "contracts" USING btree ("price") WHERE gone_at IS NULL;--> statement-breakpoint
CREATE INDEX "contracts_listed_type" ON "contracts" USING btree ("type","date_issued") WHERE gone_at IS NULL;--> statement-breakpoint
CREATE INDEX "contracts_issuer" ON "contracts" USING btree ("issuer_id");--> statement-breakpoint
CREATE INDEX "contracts_corporation" ON "contracts" USING btree ("issuer_corporation_id");--> statement-breakpoint
CREATE INDEX "contracts_sole_type" ON "contracts" USING btree ("sole_type_id");--> statement-breakpoint
CREATE INDEX "types_name" ON "types" USING btree ("name","type_id","group_id");--> statement-breakpoint
CREATE INDEX "contracts_region" ON "contracts" USING btree ("region_id");--> statement-breakpoint
-- Added by hand: contracts that are stored already get what is written with new ones.
UPDATE contracts SET
	asked_item_count = (SELECT count(*) FROM contract_items WHERE contract_items.contract_id = contracts.contract_id AND NOT contract_items.is_included),
	sole_type_id = (SELECT CASE WHEN count(DISTINCT type_id) = 1 THEN min(type_id) END FROM contract_items WHERE contract_items.contract_id = contracts.contract_id AND contract_items.is_included),
	sole_quantity = (SELECT CASE WHEN count(DISTINCT type_id) = 1 THEN sum(quantity) END FROM contract_items WHERE contract_items.contract_id = contracts.contract_id AND contract_items.is_included)
WHERE item_count > 0;
