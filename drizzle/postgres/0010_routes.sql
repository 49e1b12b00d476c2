CREATE TABLE "routes" (
	"start_system_id" bigint NOT NULL,
	"end_system_id" bigint NOT NULL,
	"jumps" bigint,
	"jumps_secure" bigint,
	"lowest_security" double precision,
	CONSTRAINT "routes_start_system_id_end_system_id_pk" PRIMARY KEY("start_system_id","end_system_id")
);
