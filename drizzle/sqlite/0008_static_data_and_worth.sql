CREATE TABLE `contract_evidence` (
	`contract_id` integer PRIMARY KEY NOT NULL,
	`attempts` integer NOT NULL,
	`asked_at` text NOT NULL,
	`status` integer,
	`answer` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `contract_values` (
	`contract_id` integer PRIMARY KEY NOT NULL,
	`estimated_value` real,
	`unpriced_item_count` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `roll_attributes` (
	`item_id` integer NOT NULL,
	`attribute_id` integer NOT NULL,
	`value` real NOT NULL,
	PRIMARY KEY(`item_id`, `attribute_id`)
) STRICT;
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
) STRICT;
--> statement-breakpoint
CREATE INDEX `rolls_type` ON `rolls` (`type_id`);--> statement-breakpoint
CREATE INDEX `rolls_contract` ON `rolls` (`contract_id`);--> statement-breakpoint
CREATE INDEX `rolls_waiting` ON `rolls` (`contract_id`) WHERE fetched_at IS NULL AND NOT is_unknown;--> statement-breakpoint
CREATE TABLE `dogma_attributes` (
	`attribute_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`display_name` text,
	`unit_name` text,
	`high_is_good` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `market_prices` (
	`type_id` integer PRIMARY KEY NOT NULL,
	`average_price` real,
	`adjusted_price` real
) STRICT;
--> statement-breakpoint
CREATE TABLE `meta_groups` (
	`meta_group_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `mutation_ranges` (
	`mutator_type_id` integer NOT NULL,
	`attribute_id` integer NOT NULL,
	`min` real NOT NULL,
	`max` real NOT NULL,
	`high_is_good` integer,
	PRIMARY KEY(`mutator_type_id`, `attribute_id`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `mutations` (
	`mutator_type_id` integer NOT NULL,
	`source_type_id` integer NOT NULL,
	`type_id` integer NOT NULL,
	PRIMARY KEY(`mutator_type_id`, `source_type_id`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `routes` (
	`start_system_id` integer NOT NULL,
	`end_system_id` integer NOT NULL,
	`jumps` integer,
	`jumps_secure` integer,
	`lowest_security` real,
	PRIMARY KEY(`start_system_id`, `end_system_id`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `stargates` (
	`stargate_id` integer PRIMARY KEY NOT NULL,
	`system_id` integer NOT NULL,
	`destination_system_id` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `stations` (
	`station_id` integer PRIMARY KEY NOT NULL,
	`system_id` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `type_attributes` (
	`type_id` integer NOT NULL,
	`attribute_id` integer NOT NULL,
	`value` real NOT NULL,
	PRIMARY KEY(`type_id`, `attribute_id`)
) STRICT;
--> statement-breakpoint
ALTER TABLE `locations` ADD `is_imported` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `systems` ADD `region_id` integer;--> statement-breakpoint
ALTER TABLE `types` ADD `meta_group_id` integer;--> statement-breakpoint
ALTER TABLE `types` ADD `volume` real;--> statement-breakpoint
ALTER TABLE `types` ADD `packaged_volume` real;--> statement-breakpoint
ALTER TABLE `types` ADD `is_dynamic` integer;--> statement-breakpoint
CREATE INDEX `contracts_unresolved` ON `contracts` (`gone_at`,`contract_id`) WHERE outcome = 'unknown';--> statement-breakpoint
-- Added by hand, as in 0003: what the planner is to believe of the new indexes.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('contracts', 'contracts_unresolved', '500000 100 1'),
	('routes', 'sqlite_autoindex_routes_1', '2000 10 1'),
	('type_attributes', 'sqlite_autoindex_type_attributes_1', '15000 8 1'),
	('mutations', 'sqlite_autoindex_mutations_1', '4000 10 1'),
	('mutation_ranges', 'sqlite_autoindex_mutation_ranges_1', '2000 5 1'),
	('rolls', 'rolls_type', '50000 500'),
	('rolls', 'rolls_contract', '50000 2'),
	('rolls', 'rolls_waiting', '100 1'),
	('roll_attributes', 'sqlite_autoindex_roll_attributes_1', '500000 10 1'),
	('roll_attributes', 'roll_attributes_value', '500000 10000 2');
--> statement-breakpoint
-- And the types of mutated modules, as far as answers of ESI are stored that say so: meta group (attribute 1692) 15, which
-- mutaplasmids (group 1964) have as well.
UPDATE types SET is_dynamic = 1 WHERE response IS NOT NULL AND group_id <> 1964 AND EXISTS (
	SELECT 1 FROM json_each(response, '$.dogma_attributes') WHERE value ->> 'attribute_id' = 1692 AND value ->> 'value' = 15);
