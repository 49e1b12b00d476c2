CREATE TABLE "categories" (
	"category_id" bigint PRIMARY KEY NOT NULL,
	"published" boolean,
	"name" text COLLATE "C",
	"response" jsonb,
	"etag" text COLLATE "C",
	"fetched_at" timestamp(0) with time zone,
	"expires_at" timestamp(0) with time zone,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "contract_backlog" (
	"backlog_key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"contract_id" bigint,
	"region_id" bigint NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"row" text COLLATE "C" NOT NULL,
	"date_expired" timestamp(0) with time zone,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_status" bigint,
	"last_answer" text COLLATE "C",
	"first_seen_at" timestamp(0) with time zone NOT NULL,
	"last_seen_at" timestamp(0) with time zone NOT NULL,
	"gone_at" timestamp(0) with time zone
);
--> statement-breakpoint
CREATE TABLE "contract_items" (
	"contract_id" bigint NOT NULL,
	"record_id" bigint NOT NULL,
	"type_id" bigint NOT NULL,
	"quantity" bigint NOT NULL,
	"is_included" boolean NOT NULL,
	"is_blueprint_copy" boolean NOT NULL,
	"item_id" bigint,
	"material_efficiency" bigint,
	"time_efficiency" bigint,
	"runs" bigint,
	CONSTRAINT "contract_items_contract_id_record_id_pk" PRIMARY KEY("contract_id","record_id")
);
--> statement-breakpoint
CREATE TABLE "contracts" (
	"contract_id" bigint PRIMARY KEY NOT NULL,
	"region_id" bigint NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"title" text COLLATE "C",
	"title_folded" text COLLATE "C",
	"price" double precision,
	"reward" double precision,
	"collateral" double precision,
	"buyout" double precision,
	"volume" double precision,
	"days_to_complete" bigint,
	"for_corporation" boolean NOT NULL,
	"date_issued" timestamp(0) with time zone NOT NULL,
	"date_expired" timestamp(0) with time zone NOT NULL,
	"issuer_id" bigint NOT NULL,
	"issuer_corporation_id" bigint NOT NULL,
	"start_location_id" bigint,
	"end_location_id" bigint,
	"item_count" bigint NOT NULL,
	"first_seen_at" timestamp(0) with time zone NOT NULL,
	"last_seen_at" timestamp(0) with time zone NOT NULL,
	"gone_at" timestamp(0) with time zone,
	"outcome" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "groups" (
	"group_id" bigint PRIMARY KEY NOT NULL,
	"category_id" bigint,
	"published" boolean,
	"name" text COLLATE "C",
	"response" jsonb,
	"etag" text COLLATE "C",
	"fetched_at" timestamp(0) with time zone,
	"expires_at" timestamp(0) with time zone,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "http_validators" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "locations" (
	"location_id" bigint PRIMARY KEY NOT NULL,
	"system_id" bigint,
	"name" text COLLATE "C",
	"response" jsonb,
	"etag" text COLLATE "C",
	"fetched_at" timestamp(0) with time zone,
	"expires_at" timestamp(0) with time zone,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "market_groups" (
	"market_group_id" bigint PRIMARY KEY NOT NULL,
	"parent_group_id" bigint,
	"name" text COLLATE "C",
	"response" jsonb,
	"etag" text COLLATE "C",
	"fetched_at" timestamp(0) with time zone,
	"expires_at" timestamp(0) with time zone,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "meta" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "names" (
	"id" bigint PRIMARY KEY NOT NULL,
	"category" text COLLATE "C",
	"name" text COLLATE "C",
	"response" jsonb,
	"etag" text COLLATE "C",
	"fetched_at" timestamp(0) with time zone,
	"expires_at" timestamp(0) with time zone,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "region_sweeps" (
	"run_id" text COLLATE "C" NOT NULL,
	"region_id" bigint NOT NULL,
	"outcome" text COLLATE "C" NOT NULL,
	"started_at" timestamp(0) with time zone NOT NULL,
	"finished_at" timestamp(0) with time zone NOT NULL,
	"last_modified" text COLLATE "C",
	"pages" bigint NOT NULL,
	"listed" bigint NOT NULL,
	"new" bigint NOT NULL,
	"returned" bigint NOT NULL,
	"stored" bigint NOT NULL,
	"gone" bigint NOT NULL,
	"deferred" bigint NOT NULL,
	"quarantined" bigint NOT NULL,
	"requests" bigint NOT NULL,
	"not_modified" bigint NOT NULL,
	"errors" bigint NOT NULL,
	"error" text COLLATE "C",
	CONSTRAINT "region_sweeps_run_id_region_id_pk" PRIMARY KEY("run_id","region_id")
);
--> statement-breakpoint
CREATE TABLE "regions" (
	"region_id" bigint PRIMARY KEY NOT NULL,
	"name" text COLLATE "C",
	"response" jsonb,
	"etag" text COLLATE "C",
	"fetched_at" timestamp(0) with time zone,
	"expires_at" timestamp(0) with time zone,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"run_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"started_at" timestamp(0) with time zone NOT NULL,
	"finished_at" timestamp(0) with time zone,
	"outcome" text COLLATE "C" NOT NULL,
	"exit_code" bigint,
	"host" text COLLATE "C" NOT NULL,
	"process_id" bigint NOT NULL,
	"version" text COLLATE "C" NOT NULL,
	"regions_complete" bigint,
	"regions_inconclusive" bigint,
	"regions_failed" bigint,
	"regions_fresh" bigint,
	"regions_not_reached" bigint,
	"contracts_listed" bigint,
	"contracts_new" bigint,
	"contracts_stored" bigint,
	"contracts_gone" bigint,
	"contracts_deferred" bigint,
	"contracts_quarantined" bigint,
	"items_stored" bigint,
	"requests_total" bigint,
	"requests_not_modified" bigint,
	"requests_errors" bigint,
	"error" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "systems" (
	"system_id" bigint PRIMARY KEY NOT NULL,
	"constellation_id" bigint,
	"security_status" double precision,
	"name" text COLLATE "C",
	"response" jsonb,
	"etag" text COLLATE "C",
	"fetched_at" timestamp(0) with time zone,
	"expires_at" timestamp(0) with time zone,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "types" (
	"type_id" bigint PRIMARY KEY NOT NULL,
	"group_id" bigint,
	"market_group_id" bigint,
	"published" boolean,
	"name" text COLLATE "C",
	"response" jsonb,
	"etag" text COLLATE "C",
	"fetched_at" timestamp(0) with time zone,
	"expires_at" timestamp(0) with time zone,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE INDEX "contract_backlog_due" ON "contract_backlog" USING btree ("region_id","next_attempt_at");--> statement-breakpoint
CREATE INDEX "contract_items_type" ON "contract_items" USING btree ("type_id","is_included","contract_id");--> statement-breakpoint
CREATE INDEX "contracts_region" ON "contracts" USING btree ("region_id","gone_at");--> statement-breakpoint
CREATE INDEX "contracts_issued" ON "contracts" USING btree ("date_issued");--> statement-breakpoint
CREATE INDEX "groups_category" ON "groups" USING btree ("category_id");--> statement-breakpoint
CREATE INDEX "market_groups_parent" ON "market_groups" USING btree ("parent_group_id");--> statement-breakpoint
CREATE INDEX "region_sweeps_region" ON "region_sweeps" USING btree ("region_id","finished_at");--> statement-breakpoint
CREATE INDEX "runs_started" ON "runs" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "types_group" ON "types" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "types_market_group" ON "types" USING btree ("market_group_id");