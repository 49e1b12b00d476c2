CREATE TABLE `roll_attributes` (
	`item_id` integer NOT NULL,
	`attribute_id` integer NOT NULL,
	`value` real NOT NULL,
	PRIMARY KEY(`item_id`, `attribute_id`)
);
--> statement-breakpoint
CREATE INDEX `roll_attributes_value` ON `roll_attributes` (`attribute_id`,`value`);--> statement-breakpoint
CREATE TABLE `rolls` (
	`item_id` integer PRIMARY KEY NOT NULL,
	`type_id` integer NOT NULL,
	`contract_id` integer NOT NULL,
	`source_type_id` integer,
	`mutator_type_id` integer,
	`created_by` integer,
	`fetched_at` text,
	`is_unknown` integer DEFAULT false NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` text,
	`last_answer` text
);
--> statement-breakpoint
CREATE INDEX `rolls_type` ON `rolls` (`type_id`);--> statement-breakpoint
CREATE INDEX `rolls_waiting` ON `rolls` (`contract_id`) WHERE fetched_at IS NULL AND NOT is_unknown;--> statement-breakpoint
-- Added by hand, as in 0003: what the planner is to believe of the new indexes.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('rolls', 'rolls_type', '50000 500'),
	('rolls', 'rolls_waiting', '100 1'),
	('roll_attributes', 'sqlite_autoindex_roll_attributes_1', '500000 10 1'),
	('roll_attributes', 'roll_attributes_value', '500000 10000 2');
