// SPDX-License-Identifier: EUPL-1.2
// Every bound of the product, once, with unit, origin and arithmetic. A folder that needs a bound
// adds it here, so that relations between bounds can be asserted at compile time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace limits {

// Card. Extended length answers carry at most 65,536 bytes plus SW (ISO 7816-4 5.1).
inline constexpr std::size_t apdu_answer_bytes_max = 65'536 + 2;
inline constexpr std::size_t apdu_command_bytes_max = 65'535 + 9;
// The largest file we read from a card: EF.CardSecurity stays below 4 kB on every known card.
inline constexpr std::size_t card_file_bytes_max = 16'384;
inline constexpr std::size_t data_group_bytes_max = 4'096;
// A compressed text of a residence permit: two such files hold a few lines of side conditions.
inline constexpr std::size_t card_text_bytes_max = 65'536;
// CVCA link certificates are renewed every few years; real chains need at most 3 (eid.md), doubled.
inline constexpr std::size_t certificate_chain_length_max = 8;
// All certificates a terminal may hold for chain building: old and new CVCA, links, DV renewals.
inline constexpr std::size_t certificate_pool_max = 64;
inline constexpr std::size_t certificate_bytes_max = 4'096;
inline constexpr std::size_t readers_max = 16;
// The certificate description (TR-03110-4 2.2.6) is a page of text and some hashes: real ones have
// 1 to 3 kB. Together with a template it must fit the 16-bit length of PC/SC part 10.
inline constexpr std::size_t certificate_description_bytes_max = 16'384;
// What a reader hands over after PACE: EF.CardAccess, two references of at most 16 bytes
// (TR-03110-3 C.1.2), the compressed key of the largest curve (521 bits = 66 bytes), and their
// lengths.
inline constexpr std::size_t authority_reference_bytes_max = 16;
inline constexpr std::size_t compressed_key_bytes_max = 66;
inline constexpr std::size_t pad_answer_bytes_max = 4 + 2 + 2 + (2 + card_file_bytes_max) +
                                                    2 * (1 + authority_reference_bytes_max) +
                                                    (2 + compressed_key_bytes_max);
static_assert(pad_answer_bytes_max < 65'536);
// Commands of one full run: PIN, terminal certificate and DV certificate, passive and chip
// authentication, pseudonym, five data groups. No optional command among them; TR-03110-2 2.4 names
// each.
//   EF.ATR/INFO 1 (once it promises buffer sizes) + EF.CardAccess 1
//   PACE: MSE:Set AT 1 + General Authenticate 4
//   terminal authentication: (MSE:Set DST + PSO) x 2 certificates + MSE:Set AT + Get Challenge +
//   External Authenticate EF.CardSecurity 1 + chip authentication 2 + SELECT 1 + restricted
//   identification 2 + data groups 5
inline constexpr unsigned eid_run_apdus_max = 1 + 1 + (1 + 4) + (2 * 2 + 3) + 1 + 2 + 1 + 2 + 5;
static_assert(eid_run_apdus_max == 25);
// A card that declares no buffers is read in pieces of 223 bytes (drivers/eid/channel.cpp) and
// saves the first command; its EF.CardSecurity is below 2 kB: ceil(2,000 / 223) = 9 reads in place
// of one.
inline constexpr unsigned eid_run_apdus_short_max = eid_run_apdus_max - 1 + 8;
// Nested TLV of the norms goes 7 deep (SignedData in EF.CardSecurity), doubled.
inline constexpr std::size_t tlv_depth_max = 16;

// Records. A sealed declaration is about 1.7 kB (measured); four times that is an attack or a
// mistake.
inline constexpr std::size_t declaration_bytes_max = 16'384;
inline constexpr std::size_t sealed_bytes_max = 32'768;
inline constexpr std::size_t recipients_max = 16;
inline constexpr std::size_t targets_max = 32;
inline constexpr std::size_t batch_records_max = 50;
inline constexpr std::size_t batch_bytes_max = 4U << 20U;
static_assert(batch_bytes_max > batch_records_max * (sealed_bytes_max * 4 / 3 + 2'048));
// journal.db on the device partition; a year of 60 sessions a day at 5 kB stays below a tenth.
inline constexpr std::uint64_t journal_bytes_max = 2ULL << 30U;
// Space set aside for withdrawals on a full disk: 8 MB holds more than 1,000 of 5 kB, years of
// them.
inline constexpr std::uint64_t journal_reserve_bytes = 8ULL << 20U;
// After so many records the WAL (about 20 kB a record) is copied into the file.
inline constexpr std::uint64_t journal_checkpoint_records = 128;

// JSON from outside.
inline constexpr std::size_t json_depth_max = 16;
// The largest signed message is a catalogue: six entries in four languages come to 150 kB, so 1 MB
// holds forty.
inline constexpr std::size_t jws_bytes_max = 1U << 20U;
// catalogue.json itself: 41 kB with 6 entries in 4 languages (measured); 24 entries in 12 languages
// come to 460 kB. Signed it is base64url, 4/3 as long, and must still be one message.
inline constexpr std::size_t catalogue_bytes_max = 700'000;
static_assert(catalogue_bytes_max * 4 / 3 + 4'096 <= jws_bytes_max);

// HTTP subset (sync.md).
inline constexpr std::size_t http_head_bytes_max = 16'384;
inline constexpr std::size_t http_headers_max = 64;
inline constexpr std::size_t http_body_bytes_max = 8U << 20U;
static_assert(http_body_bytes_max >= batch_bytes_max);
inline constexpr std::size_t http_connections_max = 256;
// Deadlines of one connection, milliseconds. A whole day's records are one batch of < 1 MB; 60 s
// for 8 MB is 140 kB/s, slower than any line we were told of, and a slow sender holds its slot no
// longer than that.
inline constexpr std::uint32_t http_connect_ms_max = 10'000;
inline constexpr std::uint32_t http_handshake_ms_max = 10'000;
inline constexpr std::uint32_t http_head_ms_max = 10'000;
inline constexpr std::uint32_t http_message_ms_max = 60'000;
inline constexpr std::uint32_t http_idle_ms_max = 30'000;
inline constexpr std::uint32_t http_drain_ms_max = 5'000;
// Bytes one connection may move in one turn of the server, so that a fast peer cannot starve the
// others.
inline constexpr std::size_t http_turn_bytes_max = 256U << 10U;
// A TLS session may be resumed for an hour; its certificate dates are checked again each time.
inline constexpr std::uint32_t tls_ticket_s_max = 3'600;
inline constexpr std::size_t tls_chain_length_max = 4;

// Kiosk <-> syncd socket frames.
inline constexpr std::size_t frame_bytes_max = 8U << 20U;
static_assert(frame_bytes_max >= batch_bytes_max);
// What syncd may send: the largest is a receipt, one batch's worth of leaves and digests (50 * 200
// bytes, in base64 14 kB), times a margin; far below a batch, so that a hostile syncd cannot make
// the kiosk hold much.
inline constexpr std::size_t set_bytes_max = 128U << 10U;
// A draining syncd asks about four times per batch; beyond this the kiosk lets it wait.
inline constexpr unsigned outbox_requests_per_s_max = 200;
inline constexpr std::uint32_t outbox_answer_ms_max = 30'000;
// A log's checkpoint: a text with up to sixteen signatures (C2SP signed-note). A proof of growth
// has at most one hash for each of the 63 levels of a tree, and one.
inline constexpr std::size_t checkpoint_bytes_max = 8'192;
inline constexpr std::size_t log_proof_hashes_max = 64;
// The remote signer. What is signed: id of the chip and compressed key (66 bytes each at P-521),
// challenge 8, auxiliary data (three checks, below 200); twice that.
inline constexpr std::size_t sign_message_bytes_max = 1'024;
// r || s on the largest curve, P-521.
inline constexpr std::size_t signature_bytes_max = 2 * 66;
// All certificates in one frame, each with two bytes of length; the same as base64url in JSON.
inline constexpr std::size_t sign_certificates_bytes_max =
    certificate_pool_max * (2 + certificate_bytes_max);
inline constexpr std::size_t sign_body_bytes_max = sign_certificates_bytes_max * 4 / 3 + 4'096;
// A holder stands before the reader: after ten seconds the run ends with a reason. syncd gives up
// first, so that its reason arrives.
inline constexpr std::uint32_t sign_answer_ms_max = 10'000;
inline constexpr std::uint32_t sign_request_ms_max = 8'000;
static_assert(sign_request_ms_max < sign_answer_ms_max);
// syncd looks for the kiosk's second socket this often while there is none.
inline constexpr std::uint32_t sign_reconnect_ms = 2'000;
// syncd. Bodies and receipts that wait for the other side; each is rebuilt from the journal if it
// is lost.
inline constexpr std::size_t spool_files_max = 256;
inline constexpr std::uint32_t backoff_ms_min = 1'000;
inline constexpr std::uint32_t backoff_ms_max = 600'000;
// What we believe of a Retry-After: an hour, so that a mistaken header cannot silence a terminal.
inline constexpr std::uint64_t retry_after_ms_max = 3'600'000;
// With a link up, syncd looks for new records this often, should the kiosk's word of one be lost.
// A round wakes syncd once and the kiosk three times; ten seconds keep both below half a wake-up a
// second (budget of the idle terminal: one).
inline constexpr std::uint32_t sync_round_ms = 10'000;
inline constexpr std::uint32_t events_round_ms = 60'000;

// Locales: the German master has about 400 texts and 40 kB; plural rules of all languages stay
// below 30 nodes.
inline constexpr std::size_t locale_bytes_max = 1U << 20U;
inline constexpr std::uint32_t locale_texts_max = 4'096;
inline constexpr std::size_t plural_text_bytes_max = 512;
inline constexpr std::size_t plural_nodes_max = 64;
inline constexpr std::size_t plural_depth_max = 16;
inline constexpr std::uint64_t plural_forms_max = 6;

// Queues between threads: a person produces a few events a second; 64 is minutes of a stuck worker.
inline constexpr std::size_t worker_queue_items_max = 64;

// Backend. One call of the sequencer takes at most twenty batches, so that it ends; a request waits
// for another writer of the database at most five seconds (SQLite writers take milliseconds).
inline constexpr std::size_t sequencer_entries_max = 1'000;
static_assert(sequencer_entries_max >= batch_records_max);
inline constexpr std::uint32_t store_wait_ms_max = 5'000;
// Epochs of one terminal: a new one after key change or disk restore, some in ten years.
inline constexpr std::size_t epochs_max = 64;
// The case worker's page shows at most this many rows; opening one name costs about 2 ms.
inline constexpr std::size_t inbox_items_max = 200;
inline constexpr std::size_t events_page_max = 100;
inline constexpr std::size_t file_number_bytes_max = 64;
inline constexpr std::size_t site_bytes_max = 128;
inline constexpr std::size_t config_bytes_max = 1U << 20U;
inline constexpr std::size_t terminal_keys_max = 8;
inline constexpr std::size_t projection_step_items_max = 50;
inline constexpr std::uint64_t invitation_ms_max = 7ULL * 24 * 3'600 * 1'000;

}  // namespace limits
