CREATE TABLE `contract_evidence` (
	`contract_id` integer PRIMARY KEY NOT NULL,
	`attempts` integer NOT NULL,
	`asked_at` text NOT NULL,
	`status` integer,
	`answer` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `locations` ADD `is_imported` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `contracts_unresolved` ON `contracts` (`gone_at`,`contract_id`) WHERE outcome = 'unknown';--> statement-breakpoint
-- Added by hand, as in 0003: what the planner is to believe of the new index.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('contracts', 'contracts_unresolved', '500000 100 1');
