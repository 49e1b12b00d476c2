CREATE TABLE `contract_values` (
	`contract_id` integer PRIMARY KEY NOT NULL,
	`estimated_value` real,
	`unpriced_item_count` integer NOT NULL
);
