-- STRICT and WITHOUT ROWID were added by hand: drizzle-kit has no words for them.
CREATE TABLE `categories` (
	`category_id` integer PRIMARY KEY NOT NULL,
	`published` integer,
	`name` text,
	`response` text,
	`etag` text,
	`fetched_at` text,
	`expires_at` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` text,
	`last_answer` text
) STRICT;
--> statement-breakpoint
CREATE TABLE `contract_backlog` (
	`backlog_key` text PRIMARY KEY NOT NULL,
	`contract_id` integer,
	`region_id` integer NOT NULL,
	`status` text NOT NULL,
	`row` text NOT NULL,
	`date_expired` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` text,
	`last_status` integer,
	`last_answer` text,
	`first_seen_at` text NOT NULL,
	`last_seen_at` text NOT NULL,
	`gone_at` text
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `contract_backlog_due` ON `contract_backlog` (`region_id`,`next_attempt_at`);--> statement-breakpoint
CREATE TABLE `contract_items` (
	`contract_id` integer NOT NULL,
	`record_id` integer NOT NULL,
	`type_id` integer NOT NULL,
	`quantity` integer NOT NULL,
	`is_included` integer NOT NULL,
	`is_blueprint_copy` integer NOT NULL,
	`item_id` integer,
	`material_efficiency` integer,
	`time_efficiency` integer,
	`runs` integer,
	PRIMARY KEY(`contract_id`, `record_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `contract_items_type` ON `contract_items` (`type_id`,`is_included`,`contract_id`);--> statement-breakpoint
CREATE TABLE `contracts` (
	`contract_id` integer PRIMARY KEY NOT NULL,
	`region_id` integer NOT NULL,
	`type` text NOT NULL,
	`title` text,
	`title_folded` text,
	`price` real,
	`reward` real,
	`collateral` real,
	`buyout` real,
	`volume` real,
	`days_to_complete` integer,
	`for_corporation` integer NOT NULL,
	`date_issued` text NOT NULL,
	`date_expired` text NOT NULL,
	`issuer_id` integer NOT NULL,
	`issuer_corporation_id` integer NOT NULL,
	`start_location_id` integer,
	`end_location_id` integer,
	`item_count` integer NOT NULL,
	`first_seen_at` text NOT NULL,
	`last_seen_at` text NOT NULL,
	`gone_at` text,
	`outcome` text
) STRICT;
--> statement-breakpoint
CREATE INDEX `contracts_region` ON `contracts` (`region_id`,`gone_at`);--> statement-breakpoint
CREATE INDEX `contracts_issued` ON `contracts` (`date_issued`);--> statement-breakpoint
CREATE TABLE `groups` (
	`group_id` integer PRIMARY KEY NOT NULL,
	`category_id` integer,
	`published` integer,
	`name` text,
	`response` text,
	`etag` text,
	`fetched_at` text,
	`expires_at` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` text,
	`last_answer` text
) STRICT;
--> statement-breakpoint
CREATE INDEX `groups_category` ON `groups` (`category_id`);--> statement-breakpoint
CREATE TABLE `http_validators` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `locations` (
	`location_id` integer PRIMARY KEY NOT NULL,
	`system_id` integer,
	`name` text,
	`response` text,
	`etag` text,
	`fetched_at` text,
	`expires_at` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` text,
	`last_answer` text
) STRICT;
--> statement-breakpoint
CREATE TABLE `market_groups` (
	`market_group_id` integer PRIMARY KEY NOT NULL,
	`parent_group_id` integer,
	`name` text,
	`response` text,
	`etag` text,
	`fetched_at` text,
	`expires_at` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` text,
	`last_answer` text
) STRICT;
--> statement-breakpoint
CREATE INDEX `market_groups_parent` ON `market_groups` (`parent_group_id`);--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `names` (
	`id` integer PRIMARY KEY NOT NULL,
	`category` text,
	`name` text,
	`response` text,
	`etag` text,
	`fetched_at` text,
	`expires_at` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` text,
	`last_answer` text
) STRICT;
--> statement-breakpoint
CREATE TABLE `region_sweeps` (
	`run_id` text NOT NULL,
	`region_id` integer NOT NULL,
	`outcome` text NOT NULL,
	`started_at` text NOT NULL,
	`finished_at` text NOT NULL,
	`last_modified` text,
	`pages` integer NOT NULL,
	`listed` integer NOT NULL,
	`new` integer NOT NULL,
	`returned` integer NOT NULL,
	`stored` integer NOT NULL,
	`gone` integer NOT NULL,
	`deferred` integer NOT NULL,
	`quarantined` integer NOT NULL,
	`requests` integer NOT NULL,
	`not_modified` integer NOT NULL,
	`errors` integer NOT NULL,
	`error` text,
	PRIMARY KEY(`run_id`, `region_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `region_sweeps_region` ON `region_sweeps` (`region_id`,`finished_at`);--> statement-breakpoint
CREATE TABLE `regions` (
	`region_id` integer PRIMARY KEY NOT NULL,
	`name` text,
	`response` text,
	`etag` text,
	`fetched_at` text,
	`expires_at` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` text,
	`last_answer` text
) STRICT;
--> statement-breakpoint
CREATE TABLE `runs` (
	`run_id` text PRIMARY KEY NOT NULL,
	`started_at` text NOT NULL,
	`finished_at` text,
	`outcome` text NOT NULL,
	`exit_code` integer,
	`host` text NOT NULL,
	`process_id` integer NOT NULL,
	`version` text NOT NULL,
	`regions_complete` integer,
	`regions_inconclusive` integer,
	`regions_failed` integer,
	`regions_fresh` integer,
	`regions_not_reached` integer,
	`contracts_listed` integer,
	`contracts_new` integer,
	`contracts_stored` integer,
	`contracts_gone` integer,
	`contracts_deferred` integer,
	`contracts_quarantined` integer,
	`items_stored` integer,
	`requests_total` integer,
	`requests_not_modified` integer,
	`requests_errors` integer,
	`error` text
) STRICT;
--> statement-breakpoint
CREATE INDEX `runs_started` ON `runs` (`started_at`);--> statement-breakpoint
CREATE TABLE `systems` (
	`system_id` integer PRIMARY KEY NOT NULL,
	`constellation_id` integer,
	`security_status` real,
	`name` text,
	`response` text,
	`etag` text,
	`fetched_at` text,
	`expires_at` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` text,
	`last_answer` text
) STRICT;
--> statement-breakpoint
CREATE TABLE `types` (
	`type_id` integer PRIMARY KEY NOT NULL,
	`group_id` integer,
	`market_group_id` integer,
	`published` integer,
	`name` text,
	`response` text,
	`etag` text,
	`fetched_at` text,
	`expires_at` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` text,
	`last_answer` text
) STRICT;
--> statement-breakpoint
CREATE INDEX `types_group` ON `types` (`group_id`);--> statement-breakpoint
CREATE INDEX `types_market_group` ON `types` (`market_group_id`);