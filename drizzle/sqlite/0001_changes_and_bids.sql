-- STRICT and WITHOUT ROWID were added by hand: drizzle-kit has no words for them.
CREATE TABLE `contract_bids` (
	`contract_id` integer NOT NULL,
	`bid_id` integer NOT NULL,
	`amount` real NOT NULL,
	`date_bid` text NOT NULL,
	`first_seen_at` text NOT NULL,
	PRIMARY KEY(`contract_id`, `bid_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `contract_changes` (
	`change_id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_id` text NOT NULL,
	`contract_id` integer NOT NULL,
	`region_id` integer NOT NULL,
	`at` text NOT NULL,
	`change` text NOT NULL,
	`bid_id` integer
) STRICT;
--> statement-breakpoint
CREATE INDEX `contract_changes_at` ON `contract_changes` (`at`);--> statement-breakpoint
ALTER TABLE `contracts` ADD `bids_expire_at` text;