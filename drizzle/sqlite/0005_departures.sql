-- STRICT was added by hand: drizzle-kit has no word for it.
CREATE TABLE `departures` (
	`contract_id` integer PRIMARY KEY NOT NULL,
	`region_id` integer NOT NULL,
	`generated_at` text NOT NULL,
	`is_doubtful` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `departures_region` ON `departures` (`region_id`);--> statement-breakpoint
-- By hand, where drizzle-kit copies the whole table: SQLite can do without since 3.53.
ALTER TABLE `contracts` ALTER COLUMN `item_count` DROP NOT NULL;--> statement-breakpoint
ALTER TABLE `contract_changes` ADD `field` text;--> statement-breakpoint
ALTER TABLE `contract_changes` ADD `old_value` text;--> statement-breakpoint
ALTER TABLE `contract_changes` ADD `new_value` text;--> statement-breakpoint
CREATE INDEX `contract_changes_field` ON `contract_changes` (`contract_id`) WHERE field IS NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `regions_doubtful` integer;--> statement-breakpoint
-- Added by hand: what earlier releases stored as 0 items without a question, and as expired in spite of a bid.
UPDATE contracts SET item_count = NULL WHERE type NOT IN ('item_exchange', 'auction', 'courier');--> statement-breakpoint
UPDATE contracts SET outcome = 'sold' WHERE type = 'auction' AND outcome = 'expired'
	AND EXISTS (SELECT 1 FROM contract_bids WHERE contract_bids.contract_id = contracts.contract_id);--> statement-breakpoint
-- And, as in 0003, what the planner is to believe of the new indexes: few contracts are on their way out, and few lists
-- contradict what is stored.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('departures', 'departures_region', '200 10'),
	('contract_changes', 'contract_changes_field', '1000 1');
