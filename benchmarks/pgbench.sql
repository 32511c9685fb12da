-- What one POST of a committed pledge does to the database, without Python: eight statements under the journal's lock.
\set cell random(1, 2000)
BEGIN;
SELECT revision FROM head FOR UPDATE \gset
INSERT INTO reference_counter (donor, year, last_number) VALUES ('DK', 2023, 1)
  ON CONFLICT (donor, year) DO UPDATE SET last_number = reference_counter.last_number + 1;
INSERT INTO entry (revision, id, stream_kind, stream_id, version, kind, recorded_at, actor, reason, payload, leaf_hash)
  VALUES (CAST(:revision AS bigint) + 1, gen_random_uuid(), 'pledge', gen_random_uuid(), 1, 'pledge.recorded', now(), 'bench', NULL,
          decode(repeat('7b', 1200), 'hex'), sha256(decode(repeat('7b', 1200), 'hex')));
INSERT INTO posting (revision, line, pledge_id, donor, aid_type, instrument, stage, currency, valued_on, first, last,
                     amount, pledges, unvalued, implied)
  SELECT CAST(:revision AS bigint) + 1, line, gen_random_uuid(), 'DK', 'military', 'in_kind', stage, 'DKK', day, day, day, 100000000, 1,
         0, line = 1
  FROM (VALUES (1, 'pledged'), (2, 'committed')) AS step (line, stage), (SELECT date '2020-01-01' + CAST(:cell AS integer) AS day) AS dated;
INSERT INTO rollup (stage, donor, aid_type, instrument, currency, valued_on, first, last, amount, pledges, unvalued)
  SELECT stage, 'DK', 'military', 'in_kind', 'DKK', day, day, day, 100000000, 1, 0
  FROM (VALUES ('pledged'), ('committed')) AS step (stage), (SELECT date '2020-01-01' + CAST(:cell AS integer) AS day) AS dated
  ON CONFLICT (stage, donor, aid_type, instrument, currency, valued_on, first, last) DO UPDATE
  SET amount = rollup.amount + excluded.amount, pledges = rollup.pledges + excluded.pledges;
INSERT INTO pledge (id, version, since_revision, until_revision, recorded_at, reference, donor, aid_type, instrument,
                    status, amount_minor, currency, announced_first, announced_last, search, document, stages)
  VALUES (gen_random_uuid(), 1, CAST(:revision AS bigint) + 1, 4611686018427387904, now(), 'B-' || (CAST(:revision AS bigint) + 1), 'DK', 'military',
          'in_kind', 'committed', 100000000, 'DKK', '2023-11-14', '2023-11-14', 'donation package',
          repeat('x', 800), repeat('y', 100));
UPDATE head SET revision = CAST(:revision AS bigint) + 1, recorded_at = now();
COMMIT;
