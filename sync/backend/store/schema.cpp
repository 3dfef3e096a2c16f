// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/schema.hpp"

namespace backend {
namespace {

// Ingest, log and rule (no personal data: ciphertext, hashes, HMAC tags) and the tables of the
// views role (authority ids, declaration ids, entries, dates; names and birth dates never leave the
// ciphertext).
constexpr const char* version_1 =
    // Who may write. code_hash is SHA-256 of the one-time code, so that a copy of the file enrols
    // nobody.
    "CREATE TABLE terminal (terminal BYTEA PRIMARY KEY, site TEXT NOT NULL, enrolled_ms BIGINT NOT "
    "NULL);"
    "CREATE TABLE terminal_key (terminal BYTEA NOT NULL, key_no BIGINT NOT NULL, public_key BYTEA "
    "NOT NULL,"
    " PRIMARY KEY (terminal, key_no));"
    "CREATE TABLE invitation (code_hash BYTEA PRIMARY KEY, terminal BYTEA NOT NULL, site TEXT NOT "
    "NULL,"
    " expires_ms BIGINT NOT NULL, used BIGINT NOT NULL);"

    // One row per chain: where it stands, what it continues (base), how far the log has taken it.
    "CREATE TABLE chain (terminal BYTEA NOT NULL, epoch BIGINT NOT NULL, next_seq BIGINT NOT NULL,"
    " head BYTEA NOT NULL, head_jws TEXT NOT NULL, base_epoch BIGINT, base_seq BIGINT,"
    " logged_seq BIGINT NOT NULL, PRIMARY KEY (terminal, epoch));"
    "CREATE INDEX chain_unlogged ON chain (terminal, epoch) WHERE logged_seq < next_seq - 1;"
    // The records themselves, exact bytes. The key is what makes ingest exactly-once.
    "CREATE TABLE record (terminal BYTEA NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,"
    " leaf BYTEA NOT NULL, header BYTEA NOT NULL, scopes BYTEA NOT NULL, jwe TEXT NOT NULL,"
    " PRIMARY KEY (terminal, epoch, seq));"
    // Protective acts that ran ahead of their chain, and records that contradict a chain (both are
    // kept).
    "CREATE TABLE advance (leaf BYTEA PRIMARY KEY, terminal BYTEA NOT NULL, epoch BIGINT NOT NULL,"
    " seq BIGINT NOT NULL, header BYTEA NOT NULL, scopes BYTEA NOT NULL, jwe TEXT NOT NULL,"
    " head_jws TEXT NOT NULL);"
    "CREATE INDEX advance_place ON advance (terminal, epoch, seq);"
    "CREATE TABLE quarantine (terminal BYTEA NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,"
    " leaf BYTEA NOT NULL, header BYTEA NOT NULL, scopes BYTEA NOT NULL, jwe TEXT NOT NULL,"
    " head_jws TEXT NOT NULL, PRIMARY KEY (terminal, epoch, seq, leaf));"

    // The log: one index per leaf, whether it came by chain, ahead of it, or as a fork.
    "CREATE TABLE log_entry (log_index BIGINT PRIMARY KEY, terminal BYTEA NOT NULL, epoch BIGINT "
    "NOT NULL,"
    " seq BIGINT NOT NULL, leaf BYTEA NOT NULL, UNIQUE (terminal, epoch, seq, leaf));"
    "CREATE TABLE log_pending (leaf BYTEA PRIMARY KEY, terminal BYTEA NOT NULL, epoch BIGINT NOT "
    "NULL,"
    " seq BIGINT NOT NULL);"
    "CREATE TABLE log_state (id BIGINT PRIMARY KEY, log_size BIGINT NOT NULL, frontier BYTEA NOT "
    "NULL);"
    "INSERT INTO log_state (id, log_size, frontier) VALUES (1, 0, '');"

    // The rule. scope_state is the row that grants and protective acts of one scope both lock.
    "CREATE TABLE scope_state (tag BYTEA PRIMARY KEY, parts BIGINT NOT NULL, acts BIGINT NOT NULL);"
    "CREATE TABLE part (leaf BYTEA NOT NULL, part_no BIGINT NOT NULL, terminal BYTEA NOT NULL,"
    " epoch BIGINT NOT NULL, seq BIGINT NOT NULL, kind BIGINT NOT NULL, declaration BYTEA NOT NULL,"
    " tag_s BYTEA NOT NULL, tag_sr BYTEA NOT NULL, tag_er BYTEA NOT NULL, observed BIGINT NOT NULL,"
    " slip_hash BYTEA NOT NULL, wall_ms BIGINT NOT NULL, state BIGINT NOT NULL,"
    " PRIMARY KEY (leaf, part_no));"
    "CREATE INDEX part_declaration ON part (declaration);"
    "CREATE INDEX part_tag_s ON part (tag_s);"
    "CREATE INDEX part_tag_sr ON part (tag_sr);"
    "CREATE INDEX part_tag_er ON part (tag_er);"
    "CREATE TABLE act (leaf BYTEA NOT NULL, target_no BIGINT NOT NULL, terminal BYTEA NOT NULL,"
    " epoch BIGINT NOT NULL, seq BIGINT NOT NULL, on_chain BIGINT NOT NULL, kind BIGINT NOT NULL,"
    " declaration BYTEA NOT NULL, target_kind BIGINT NOT NULL, tag BYTEA NOT NULL,"
    " tag_s BYTEA NOT NULL, slip_hash BYTEA NOT NULL, observed BIGINT NOT NULL,"
    " wall_ms BIGINT NOT NULL, PRIMARY KEY (leaf, target_no));"
    "CREATE INDEX act_tag ON act (tag);"
    "CREATE INDEX act_declaration ON act (declaration);"
    "CREATE TABLE effect (part_leaf BYTEA NOT NULL, part_no BIGINT NOT NULL, act_leaf BYTEA NOT "
    "NULL,"
    " strength BIGINT NOT NULL, PRIMARY KEY (part_leaf, part_no, act_leaf));"
    "CREATE INDEX effect_act ON effect (act_leaf);"

    // What terminals fetch: "applied at <authority>" and the like, signed, numbered per terminal.
    "CREATE TABLE terminal_event (terminal BYTEA NOT NULL, n BIGINT NOT NULL, set_text TEXT NOT "
    "NULL,"
    " PRIMARY KEY (terminal, n));"

    // Views. handle and match_key are HMACs under the authority's own secret.
    "CREATE TABLE view_state (id BIGINT PRIMARY KEY, next_index BIGINT NOT NULL, unreadable BIGINT "
    "NOT NULL);"
    "INSERT INTO view_state (id, next_index, unreadable) VALUES (1, 0, 0);"
    "CREATE TABLE view_item (authority TEXT NOT NULL, leaf BYTEA NOT NULL, declaration BYTEA NOT "
    "NULL,"
    " entry TEXT NOT NULL, act_type TEXT NOT NULL, role BIGINT NOT NULL, handle BYTEA NOT NULL,"
    " match_key BYTEA NOT NULL, from_date TEXT NOT NULL, to_date TEXT NOT NULL, log_index BIGINT "
    "NOT NULL,"
    " received_ms BIGINT NOT NULL, valid BIGINT NOT NULL, PRIMARY KEY (authority, leaf));"
    "CREATE INDEX view_item_handle ON view_item (authority, handle);"
    "CREATE INDEX view_item_leaf ON view_item (leaf);"
    "CREATE INDEX view_item_declaration ON view_item (declaration);"
    "CREATE INDEX view_item_match ON view_item (authority, match_key);"
    // Notes without proof have no role; there are few, and each alarms somebody.
    "CREATE INDEX view_item_note ON view_item (declaration) WHERE role = 0;"
    "CREATE TABLE view_part (authority TEXT NOT NULL, leaf BYTEA NOT NULL, part_no BIGINT NOT NULL,"
    " recipient TEXT NOT NULL, PRIMARY KEY (authority, leaf, part_no));"
    "CREATE INDEX view_part_leaf ON view_part (leaf, part_no);"
    "CREATE TABLE assignment (authority TEXT NOT NULL, handle BYTEA NOT NULL, file_number TEXT NOT "
    "NULL,"
    " assigned_ms BIGINT NOT NULL, PRIMARY KEY (authority, handle));"
    "CREATE INDEX assignment_file ON assignment (authority, file_number);"
    "CREATE TABLE status (authority TEXT NOT NULL, declaration BYTEA NOT NULL, state TEXT NOT NULL,"
    " at_ms BIGINT NOT NULL, PRIMARY KEY (authority, declaration));";

// Inner nodes of the log's tree: node n of a level covers 256^level entries. Made from log_entry.
constexpr const char* version_2 =
    "CREATE TABLE log_node (level BIGINT NOT NULL, n BIGINT NOT NULL, hash BYTEA NOT NULL,"
    " PRIMARY KEY (level, n));";

// Who gives out places in the log (log/lease.hpp): a term, and beats of its holder; -1 = nobody.
constexpr const char* version_3 =
    "CREATE TABLE sequencer_lease (id BIGINT PRIMARY KEY, holder BYTEA NOT NULL, term BIGINT NOT "
    "NULL,"
    " beat BIGINT NOT NULL);"
    "INSERT INTO sequencer_lease (id, holder, term, beat) VALUES (1, '', 0, -1);";

// Since when a deletion period runs, and how far the log has been looked at for that.
constexpr const char* version_4 =
    "CREATE TABLE retention_mark (leaf BYTEA PRIMARY KEY, terminal BYTEA NOT NULL, epoch BIGINT "
    "NOT "
    "NULL, seq BIGINT NOT NULL, class BIGINT NOT NULL, start_ms BIGINT NOT NULL);"
    "CREATE INDEX retention_mark_start ON retention_mark (class, start_ms);"
    "CREATE TABLE retention_state (id BIGINT PRIMARY KEY, next_index BIGINT NOT NULL);"
    "INSERT INTO retention_state (id, next_index) VALUES (1, 0);"
    "CREATE INDEX part_ended ON part (leaf) WHERE state = 2;"
    "CREATE INDEX status_declaration ON status (declaration);"
    "CREATE INDEX view_item_end ON view_item (to_date) WHERE to_date <> '';";

// Journal keys follow one another: from which epoch each signs, and since when it is known. The
// page that checks slips tells from that what an old key may still have signed.
constexpr const char* version_5 =
    "ALTER TABLE terminal_key ADD COLUMN from_epoch BIGINT NOT NULL DEFAULT 1;"
    "ALTER TABLE terminal_key ADD COLUMN enrolled_ms BIGINT NOT NULL DEFAULT 0;";

// What has changed for each authority, numbered without a gap, each once; made from the log and the
// views. cause is the leaf of the act behind it, or empty. urgent: the authority must stop
// something. expiry_told marks what is settled.
constexpr const char* version_6 =
    "ALTER TABLE view_item ADD COLUMN resumes BYTEA;"
    "ALTER TABLE view_item ADD COLUMN expiry_told BIGINT NOT NULL DEFAULT 0;"
    "CREATE INDEX view_item_expiry ON view_item (to_date) WHERE expiry_told = 0;"
    "CREATE TABLE change_state (id BIGINT PRIMARY KEY, next_index BIGINT NOT NULL);"
    "INSERT INTO change_state (id, next_index) VALUES (1, 0);"
    "CREATE TABLE change_counter (authority TEXT PRIMARY KEY, last_n BIGINT NOT NULL);"
    "CREATE TABLE change (authority TEXT NOT NULL, n BIGINT NOT NULL, kind TEXT NOT NULL,"
    " leaf BYTEA NOT NULL, cause BYTEA NOT NULL, declaration BYTEA NOT NULL,"
    " urgent BIGINT NOT NULL, filed_ms BIGINT NOT NULL, jti TEXT NOT NULL, token TEXT NOT NULL,"
    " PRIMARY KEY (authority, n), UNIQUE (authority, leaf, kind, cause));"
    "CREATE INDEX change_urgent ON change (authority, n) WHERE urgent = 1;";

// How far each webhook has been delivered to, and who is at it.
constexpr const char* version_7 =
    "CREATE TABLE webhook_state (authority TEXT PRIMARY KEY, delivered_n BIGINT NOT NULL,"
    " attempts BIGINT NOT NULL, refused BIGINT NOT NULL, next_ms BIGINT NOT NULL,"
    " holder TEXT NOT NULL, lease_ms BIGINT NOT NULL);";

// What authorities report of their use of releases, in codes: coverage 0 covered, 1 late, 2 none.
// What they ask for, and why they withheld something.
constexpr const char* version_8 =
    "CREATE TABLE access_report (authority TEXT NOT NULL, id BYTEA NOT NULL, digest BYTEA NOT NULL,"
    " handle BYTEA NOT NULL, declaration BYTEA, entry TEXT NOT NULL, recipient TEXT NOT NULL,"
    " categories TEXT NOT NULL, purpose TEXT NOT NULL, system TEXT NOT NULL, at_ms BIGINT NOT NULL,"
    " received_ms BIGINT NOT NULL, coverage BIGINT NOT NULL, withheld BIGINT NOT NULL,"
    " PRIMARY KEY (authority, id));"
    "CREATE INDEX access_report_handle ON access_report (authority, handle, at_ms);"
    "CREATE INDEX access_report_uncovered ON access_report (received_ms) WHERE coverage <> 0;"
    "CREATE TABLE access_coverage (authority TEXT PRIMARY KEY, complete_ms BIGINT NOT NULL,"
    " said_ms BIGINT NOT NULL);"
    "CREATE TABLE release_request (authority TEXT NOT NULL, id BYTEA NOT NULL, digest BYTEA NOT "
    "NULL,"
    " file_number TEXT NOT NULL, entry TEXT NOT NULL, until TEXT NOT NULL,"
    " asked_ms BIGINT NOT NULL, PRIMARY KEY (authority, id));"
    "CREATE INDEX release_request_file ON release_request (authority, file_number);"
    "ALTER TABLE status ADD COLUMN reason TEXT NOT NULL DEFAULT '';";

// Portals: codes that terminals made, and accounts; whom they mean is sealed to the views key.
// Slips that were used. Published statistics, which never change.
constexpr const char* version_9 =
    "CREATE TABLE portal_code (code_hash BYTEA PRIMARY KEY, sealed TEXT NOT NULL,"
    " expires_ms BIGINT NOT NULL);"
    "CREATE INDEX portal_code_open ON portal_code (expires_ms) WHERE sealed <> '';"
    "CREATE TABLE portal_account (portal TEXT NOT NULL, account BYTEA NOT NULL,"
    " code_hash BYTEA NOT NULL, sealed TEXT NOT NULL, linked_ms BIGINT NOT NULL,"
    " PRIMARY KEY (portal, account));"
    "CREATE TABLE invitation_slip (authority TEXT NOT NULL, id BYTEA NOT NULL,"
    " handle BYTEA NOT NULL, used_ms BIGINT NOT NULL, PRIMARY KEY (authority, id));"
    "CREATE TABLE statistic_month (authority TEXT NOT NULL, month TEXT NOT NULL,"
    " published_ms BIGINT NOT NULL, PRIMARY KEY (authority, month));"
    "CREATE TABLE statistic (authority TEXT NOT NULL, month TEXT NOT NULL, measure TEXT NOT NULL,"
    " entry TEXT NOT NULL, persons BIGINT NOT NULL,"
    " PRIMARY KEY (authority, month, measure, entry));";

// The way of a change to an authority that is reached by FIT-Connect: fitconnect/submissions.hpp.
constexpr const char* version_10 =
    "CREATE TABLE fit_submission (authority TEXT NOT NULL, n BIGINT NOT NULL, state BIGINT NOT "
    "NULL,"
    " submission BYTEA, case_id BYTEA, metadata TEXT NOT NULL, data TEXT NOT NULL,"
    " announced_ms BIGINT NOT NULL, sent_ms BIGINT NOT NULL, next_ms BIGINT NOT NULL,"
    " tries BIGINT NOT NULL, refusals BIGINT NOT NULL, PRIMARY KEY (authority, n));"
    "CREATE INDEX fit_submission_due ON fit_submission (next_ms) WHERE state < 3;";

// The signed head above each batch, so that evidence about one record needs the headers of one
// batch and not of its whole chain. An earlier version kept the newest only.
constexpr const char* version_11 =
    "CREATE TABLE chain_head (terminal BYTEA NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,"
    " head_jws TEXT NOT NULL, PRIMARY KEY (terminal, epoch, seq));"
    "INSERT INTO chain_head (terminal, epoch, seq, head_jws)"
    " SELECT terminal, epoch, next_seq - 1, head_jws FROM chain WHERE next_seq > 1;";

// Terminals out of service (ingest/revocation.hpp), and when each was last heard of and how far its
// clock was ahead then (service/metrics.hpp).
constexpr const char* version_12 =
    "ALTER TABLE terminal ADD COLUMN revoked_ms BIGINT;"
    "ALTER TABLE terminal ADD COLUMN revoked_reason TEXT;"
    "ALTER TABLE terminal ADD COLUMN contact_ms BIGINT NOT NULL DEFAULT 0;"
    "ALTER TABLE terminal ADD COLUMN ahead_ms BIGINT NOT NULL DEFAULT 0;";

// The names of this database's log, one after the other, and where each began (log/log_names.hpp).
constexpr const char* version_13 =
    "CREATE TABLE log_name (generation BIGINT PRIMARY KEY, issuer TEXT NOT NULL,"
    " first_index BIGINT NOT NULL);"
    "INSERT INTO log_name (generation, issuer, first_index) VALUES (1, '', 0);";

// By what periods run (retention/expire.cpp), and what goes with a record.
constexpr const char* version_14 =
    "ALTER TABLE terminal_event ADD COLUMN filed_ms BIGINT NOT NULL DEFAULT 0;"
    "CREATE INDEX terminal_event_filed ON terminal_event (filed_ms);"
    "CREATE INDEX access_report_at ON access_report (at_ms);"
    "CREATE INDEX release_request_until ON release_request (until);"
    "CREATE INDEX change_leaf ON change (leaf);"
    "CREATE INDEX change_cause ON change (cause);";

// Further places of an objection that was chained anew (ingest/objection_places.hpp).
constexpr const char* version_15 =
    "CREATE TABLE objection_place (declaration BYTEA NOT NULL, leaf BYTEA NOT NULL,"
    " terminal BYTEA NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,"
    " PRIMARY KEY (declaration, leaf));"
    "CREATE INDEX objection_place_leaf ON objection_place (leaf);";

// Terminals that wait for records before theirs (ingest/gaps.hpp), each with its newest such place.
// Requests for access by their day: one that is overdue alerts somebody (authorities/cases.hpp).
constexpr const char* version_16 =
    "CREATE TABLE chain_gap (terminal BYTEA PRIMARY KEY, epoch BIGINT NOT NULL,"
    " seq BIGINT NOT NULL, since_ms BIGINT NOT NULL);"
    "CREATE INDEX view_item_notice ON view_item (from_date) WHERE act_type = 'notice';";

// Records that were opened and are no declarations (views/projector.cpp).
constexpr const char* version_17 =
    "ALTER TABLE view_state ADD COLUMN malformed BIGINT NOT NULL DEFAULT 0;";

}  // namespace

const std::array<const char*, 17> schema_migrations = {
    version_1,  version_2,  version_3,  version_4,  version_5,  version_6,
    version_7,  version_8,  version_9,  version_10, version_11, version_12,
    version_13, version_14, version_15, version_16, version_17};

}  // namespace backend
