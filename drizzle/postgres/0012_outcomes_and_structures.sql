CREATE TABLE "contract_evidence" (
	"contract_id" bigint PRIMARY KEY NOT NULL,
	"attempts" bigint NOT NULL,
	"asked_at" timestamp(0) with time zone NOT NULL,
	"status" bigint,
	"answer" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "locations" ADD COLUMN "is_imported" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "contracts_unresolved" ON "contracts" USING btree ("gone_at","contract_id") WHERE outcome = 'unknown';