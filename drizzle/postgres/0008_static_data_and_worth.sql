CREATE TABLE "contract_evidence" (
	"contract_id" bigint PRIMARY KEY NOT NULL,
	"attempts" bigint NOT NULL,
	"asked_at" timestamp(0) with time zone NOT NULL,
	"status" bigint,
	"answer" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contract_values" (
	"contract_id" bigint PRIMARY KEY NOT NULL,
	"estimated_value" double precision,
	"unpriced_item_count" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "roll_attributes" (
	"item_id" bigint NOT NULL,
	"attribute_id" bigint NOT NULL,
	"value" double precision NOT NULL,
	CONSTRAINT "roll_attributes_item_id_attribute_id_pk" PRIMARY KEY("item_id","attribute_id")
);
--> statement-breakpoint
CREATE TABLE "rolls" (
	"item_id" bigint PRIMARY KEY NOT NULL,
	"type_id" bigint NOT NULL,
	"contract_id" bigint NOT NULL,
	"source_type_id" bigint,
	"mutator_type_id" bigint,
	"created_by" bigint,
	"fetched_at" timestamp(0) with time zone,
	"is_unknown" boolean DEFAULT false NOT NULL,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "dogma_attributes" (
	"attribute_id" bigint PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"display_name" text COLLATE "C",
	"unit_name" text COLLATE "C",
	"high_is_good" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "market_prices" (
	"type_id" bigint PRIMARY KEY NOT NULL,
	"average_price" double precision,
	"adjusted_price" double precision
);
--> statement-breakpoint
CREATE TABLE "meta_groups" (
	"meta_group_id" bigint PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mutation_ranges" (
	"mutator_type_id" bigint NOT NULL,
	"attribute_id" bigint NOT NULL,
	"min" double precision NOT NULL,
	"max" double precision NOT NULL,
	"high_is_good" boolean,
	CONSTRAINT "mutation_ranges_mutator_type_id_attribute_id_pk" PRIMARY KEY("mutator_type_id","attribute_id")
);
--> statement-breakpoint
CREATE TABLE "mutations" (
	"mutator_type_id" bigint NOT NULL,
	"source_type_id" bigint NOT NULL,
	"type_id" bigint NOT NULL,
	CONSTRAINT "mutations_mutator_type_id_source_type_id_pk" PRIMARY KEY("mutator_type_id","source_type_id")
);
--> statement-breakpoint
CREATE TABLE "routes" (
	"start_system_id" bigint NOT NULL,
	"end_system_id" bigint NOT NULL,
	"jumps" bigint,
	"jumps_secure" bigint,
	"lowest_security" double precision,
	CONSTRAINT "routes_start_system_id_end_system_id_pk" PRIMARY KEY("start_system_id","end_system_id")
);
--> statement-breakpoint
CREATE TABLE "stargates" (
	"stargate_id" bigint PRIMARY KEY NOT NULL,
	"system_id" bigint NOT NULL,
	"destination_system_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stations" (
	"station_id" bigint PRIMARY KEY NOT NULL,
	"system_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "type_attributes" (
	"type_id" bigint NOT NULL,
	"attribute_id" bigint NOT NULL,
	"value" double precision NOT NULL,
	CONSTRAINT "type_attributes_type_id_attribute_id_pk" PRIMARY KEY("type_id","attribute_id")
);
--> statement-breakpoint
ALTER TABLE "locations" ADD COLUMN "is_imported" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "systems" ADD COLUMN "region_id" bigint;--> statement-breakpoint
ALTER TABLE "types" ADD COLUMN "meta_group_id" bigint;--> statement-breakpoint
ALTER TABLE "types" ADD COLUMN "volume" double precision;--> statement-breakpoint
ALTER TABLE "types" ADD COLUMN "packaged_volume" double precision;--> statement-breakpoint
ALTER TABLE "types" ADD COLUMN "is_dynamic" boolean;--> statement-breakpoint
CREATE INDEX "roll_attributes_value" ON "roll_attributes" USING btree ("attribute_id","value");--> statement-breakpoint
CREATE INDEX "rolls_type" ON "rolls" USING btree ("type_id");--> statement-breakpoint
CREATE INDEX "rolls_contract" ON "rolls" USING btree ("contract_id");--> statement-breakpoint
CREATE INDEX "rolls_waiting" ON "rolls" USING btree ("contract_id") WHERE fetched_at IS NULL AND NOT is_unknown;--> statement-breakpoint
CREATE INDEX "contracts_unresolved" ON "contracts" USING btree ("gone_at","contract_id") WHERE outcome = 'unknown';--> statement-breakpoint
-- Added by hand: the types of mutated modules, as far as answers of ESI are stored that say so: meta group (attribute 1692)
-- 15, which mutaplasmids (group 1964) have as well.
UPDATE "types" SET "is_dynamic" = TRUE WHERE "group_id" <> 1964 AND "response" @> '{"dogma_attributes":[{"attribute_id":1692,"value":15}]}'::jsonb;
