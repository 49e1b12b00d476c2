CREATE TABLE "contract_bids" (
	"contract_id" bigint NOT NULL,
	"bid_id" bigint NOT NULL,
	"amount" double precision NOT NULL,
	"date_bid" timestamp(0) with time zone NOT NULL,
	"first_seen_at" timestamp(0) with time zone NOT NULL,
	CONSTRAINT "contract_bids_contract_id_bid_id_pk" PRIMARY KEY("contract_id","bid_id")
);
--> statement-breakpoint
CREATE TABLE "contract_changes" (
	"change_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "contract_changes_change_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"run_id" text COLLATE "C" NOT NULL,
	"contract_id" bigint NOT NULL,
	"region_id" bigint NOT NULL,
	"at" timestamp(0) with time zone NOT NULL,
	"change" text COLLATE "C" NOT NULL,
	"bid_id" bigint
);
--> statement-breakpoint
ALTER TABLE "contracts" ADD COLUMN "bids_expire_at" timestamp(0) with time zone;--> statement-breakpoint
CREATE INDEX "contract_changes_at" ON "contract_changes" USING btree ("at");