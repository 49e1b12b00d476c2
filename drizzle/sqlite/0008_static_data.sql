CREATE TABLE `dogma_attributes` (
	`attribute_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`display_name` text,
	`unit_name` text,
	`high_is_good` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `market_prices` (
	`type_id` integer PRIMARY KEY NOT NULL,
	`average_price` real,
	`adjusted_price` real
);
--> statement-breakpoint
CREATE TABLE `meta_groups` (
	`meta_group_id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mutation_ranges` (
	`mutator_type_id` integer NOT NULL,
	`attribute_id` integer NOT NULL,
	`min` real NOT NULL,
	`max` real NOT NULL,
	`high_is_good` integer,
	PRIMARY KEY(`mutator_type_id`, `attribute_id`)
);
--> statement-breakpoint
CREATE TABLE `mutations` (
	`mutator_type_id` integer NOT NULL,
	`source_type_id` integer NOT NULL,
	`type_id` integer NOT NULL,
	PRIMARY KEY(`mutator_type_id`, `source_type_id`)
);
--> statement-breakpoint
CREATE TABLE `stargates` (
	`stargate_id` integer PRIMARY KEY NOT NULL,
	`system_id` integer NOT NULL,
	`destination_system_id` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `stations` (
	`station_id` integer PRIMARY KEY NOT NULL,
	`system_id` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `type_attributes` (
	`type_id` integer NOT NULL,
	`attribute_id` integer NOT NULL,
	`value` real NOT NULL,
	PRIMARY KEY(`type_id`, `attribute_id`)
);
--> statement-breakpoint
ALTER TABLE `systems` ADD `region_id` integer;--> statement-breakpoint
ALTER TABLE `types` ADD `meta_group_id` integer;--> statement-breakpoint
ALTER TABLE `types` ADD `volume` real;--> statement-breakpoint
ALTER TABLE `types` ADD `packaged_volume` real;--> statement-breakpoint
ALTER TABLE `types` ADD `is_dynamic` integer;