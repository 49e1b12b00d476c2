ALTER TABLE `contracts` ADD `asked_item_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `contracts` ADD `sole_type_id` integer;--> statement-breakpoint
ALTER TABLE `contracts` ADD `sole_quantity` integer;--> statement-breakpoint
CREATE INDEX `contracts_listed` ON `contracts` (`date_issued`) WHERE gone_at IS NULL;--> statement-breakpoint
CREATE INDEX `contracts_sole_type` ON `contracts` (`sole_type_id`,`gone_at`);--> statement-breakpoint
CREATE INDEX `types_name` ON `types` (`name`);--> statement-breakpoint
-- Added by hand: contracts that are stored already get what is written with new ones.
UPDATE contracts SET
	asked_item_count = (SELECT count(*) FROM contract_items WHERE contract_items.contract_id = contracts.contract_id AND NOT contract_items.is_included),
	sole_type_id = (SELECT CASE WHEN count(DISTINCT type_id) = 1 THEN min(type_id) END FROM contract_items WHERE contract_items.contract_id = contracts.contract_id AND contract_items.is_included),
	sole_quantity = (SELECT CASE WHEN count(DISTINCT type_id) = 1 THEN sum(quantity) END FROM contract_items WHERE contract_items.contract_id = contracts.contract_id AND contract_items.is_included)
WHERE item_count > 0;
