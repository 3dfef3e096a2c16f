// SPDX-License-Identifier: EUPL-1.2
// The memory of a terminal: journal.db, opened by this process and no other. One declaration is one
// transaction - row, citizen's copy, chain head, signed head - and only after COMMIT (which is an
// fsync) may the citizen be told. It also answers what is unsent (rows minus receipts, never a
// flag), keeps receipts, the time floor and the largest verified log size.
// Threading: one thread (the journal worker) makes, uses and destroys it.
// Norm: project rules I1 I2 I3 I9 I15 I16. SQLite: WAL, synchronous=FULL, exclusive locking.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/limits.hpp"
#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/key_store.hpp"
#include "drivers/port/random.hpp"
#include "sync/journal/alarms.hpp"
#include "sync/model/slip.hpp"
#include "sync/receipts/merkle.hpp"
#include "sync/receipts/receipt.hpp"
#include "sync/seal/chain.hpp"
#include "sync/seal/jwk.hpp"

namespace journal {

/// Name of the signing key in the key store.
inline constexpr std::string_view journal_key_name = "journal";

struct Options {
    std::filesystem::path path;  ///< journal.db; its folder exists
    base::Uuid terminal;
    std::string site;
    seal::PublicJwk views_key;  ///< what the backend's views role opens
    crypto::Point receipt_key;  ///< what signs receipts
    /// Further keys whose receipts count: the next one, and those before it. All on P-256.
    std::vector<crypto::Point> more_receipt_keys;
    /// Who may sign the log's checkpoints; empty = whoever may sign receipts.
    std::vector<crypto::Point> log_keys;
    /// Name of the log to follow, by a technician's word: a later one than the file knows is begun
    /// with as in follow_log, an earlier one is passed over. Empty = as the file has it.
    std::string log_name;
    std::uint32_t epoch = 1;     ///< larger than that of the file: a new epoch begins, chained on
    model::Digest epoch_base{};  ///< only for a new file of epoch > 1: last verified head
    /// Statement by which the key store's journal key followed that of the file
    /// (sync/seal/key_change.hpp); needed once, when a new epoch begins with it.
    std::string key_change;
    /// Grants are refused beyond bytes_max; protective acts may use the reserve as well.
    std::uint64_t bytes_max = limits::journal_bytes_max;
    std::uint64_t reserve_bytes = limits::journal_reserve_bytes;  ///< 0 = none (tests)
    std::string vfs;  ///< SQLite VFS name; empty = that of the system
    /// With a vfs: the name on the system's disk beside which an unknown outcome is noted
    /// (untold.hpp); empty = it is not.
    std::filesystem::path notes;
};

/// Everything of the world that the journal needs; all outlive it.
struct Ports {
    port::KeyStore& keys;
    port::Random& random;
    port::Clock& clock;
};

/// What the citizen gets after "recorded". The codes are empty for an act without a slip, and for
/// one that was recorded when the key could no longer sign them (logged).
struct Appended {
    model::RecordKey key;
    base::Uuid declaration;
    model::Time time;
    std::string check_code;
    std::string take_back_code;
};
enum class Slip : std::uint8_t { none, print };

/// What this terminal can say of a take-back code that is whole in itself (seal::read_take_back).
struct SlipStanding {
    /// A key of this terminal signed it. Else another terminal did, whose key is not known here;
    /// the backend has the last word.
    bool signed_here = false;
    bool taken_back_here = false;  ///< by an act that was recorded at this terminal
};

/// How far a declaration of one's own has come, per recipient.
struct PartStatus {
    model::AuthorityId authority;
    std::optional<receipts::AppliedState> state;  ///< last word of this authority, if any
    std::uint64_t at_ms = 0;
    /// False: taken back (or objected to) for this recipient by a later act on this terminal.
    bool alive = true;
    bool suspended = false;  ///< a provisional note waits for confirmation
};
struct Release {
    model::RecordKey key;
    model::Declaration declaration;
    bool acknowledged = false;  ///< a verified receipt exists; else it is journaled and unsent
    std::vector<PartStatus> parts;
    [[nodiscard]] bool alive() const;
};

struct Status {
    std::uint32_t epoch = 1;
    std::uint64_t rows = 0;
    std::uint64_t unsent = 0;
    std::uint64_t unsent_protective = 0;
    /// Largest verified size of the log that is followed; falls only with follow_log (I9).
    std::uint64_t observed = 0;
    std::uint64_t floor_ms = 0;         ///< time floor at this moment; never decreases (I16)
    std::uint64_t last_contact_ms = 0;  ///< signed time of the newest receipt; 0 = never
    bool grants_possible = true;        ///< false: disk full, or the identity is cloned
    bool identity_cloned = false;       ///< another machine records under our identity
    std::uint64_t used_bytes = 0;       ///< of the file
    std::uint64_t left_bytes = 0;       ///< until its bound, or the end of the disk
    /// By the growth of the last weeks; nothing: it does not grow, or was watched for too short.
    std::optional<std::uint32_t> days_until_full;
    std::uint64_t unproven = 0;  ///< acknowledged, and not yet proved to be in the log
    std::uint64_t whole = 0;     ///< rows whose sealed bytes are still here
    std::vector<Alarm> alarms;   ///< empty = nobody needs to look
};

/// How a chain of ours stands at the backend, by its unsigned word.
struct ChainStand {
    std::uint32_t epoch = 0;
    std::uint64_t next_seq = 0;  ///< what it wants next, from 1
    std::string head;            ///< JWS of a journal key of ours; empty = none
};
/// Places in the log of this size that receipts name and no proof is there for.
struct Unproven {
    std::uint64_t size = 0;
    std::vector<std::uint64_t> indexes;  ///< ascending, at most limits::inclusion_indexes_max
};
/// The record with this leaf stands at `index` of the log of `size` records.
struct InclusionClaim {
    std::uint64_t index = 0;
    std::uint64_t size = 0;
    model::Digest leaf{};
    receipts::Proof proof;
};
/// A log of the backend: its name (the origin of its checkpoints) and who signs them.
struct LogIdentity {
    std::string name;
    std::vector<crypto::Point> keys;  ///< P-256; empty = those of the options
};
/// A place in this terminal's chain that was dealt with; epoch 0 = nothing yet.
struct Behind {
    std::uint32_t epoch = 0;
    std::uint64_t seq = 0;
};
/// What the downstream must not forget, as files (sync/downstream/receiver.hpp says what they are).
struct DownstreamState {
    base::Bytes root;
    base::Bytes manifest;  ///< empty = none is active yet
    bool manifest_counts = false;
};

class Core;

class Journal {
  public:
    /// Opens or creates the file and verifies the chain (hashes of all rows, order, the signature
    /// of each epoch's head). errors: journal_locked (another process has it), journal_open_failed,
    /// journal_schema_unknown, journal_chain_broken, journal_full, journal_io, key_bad.
    static base::Result<Journal> open(Options options, Ports ports);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();

    /// Records a declaration. The journal sets id, place, time and slip hash; everything else is
    /// the caller's. returns after COMMIT. With a pseudonym the citizen's copy is written in the
    /// same transaction.
    /// errors  declaration_bad; journal_full (grants only: a protective act may use the reserve);
    ///         identity_cloned (grants only);
    ///         journal_io (the file was closed, opened and verified again, and the declaration is
    ///         not in it: ask again); journal_open_failed (it cannot be opened again: only the next
    ///         start can say whether the declaration is in it).
    /// cost    to the COMMIT: a signature (0.5 ms) and sealing, 1 ms more if make_ready was not
    ///         called since the last one, and one fsync; then a second signature for the slip.
    base::Result<Appended> append(model::Declaration draft, Slip slip);
    /// Makes ahead what the next record needs and what does not depend on it, while nobody waits:
    /// the key agreement with the backend. It serves one record. Free if it is there already.
    /// errors: seal_failed.
    base::Result<void> make_ready();

    /// Exact body of the next batch (model::Batch), or empty if every row has been received.
    /// records_max  1..limits::batch_records_max.
    base::Result<std::string> next_batch(std::size_t records_max);
    /// Exact body of advance copies (model::Advance) of protective acts that have no receipt and
    /// are not at the front of the next batch anyway; empty if there are none.
    base::Result<std::string> next_advance();

    /// For whoever carries several bodies at once (a USB stick): the same bodies as above, but only
    /// of what lies behind a place. With a batch's last place it gives what next_batch gives once
    /// the receipts of that batch are in.
    /// errors  record_bad (no record has this place), journal_io.
    base::Result<std::string> batch_after(const Behind& place, std::size_t records_max);
    base::Result<std::string> advance_after(const Behind& place);

    /// Verifies a receipt and binds it to our rows; then they are acknowledged. Storing the same
    /// one twice is no error. errors: receipt_bad (signature, audience, or a leaf or ciphertext
    /// that is not ours), journal_io.
    base::Result<void> store_receipt(std::string_view set);
    /// Stores an event of the backend's list under its number n; a number up to the cursor is
    /// ignored, a later one moves the cursor, so one bad event does not block the next (I7).
    /// errors  receipt_bad, journal_io.
    base::Result<void> store_event(std::uint64_t n, std::string_view set);
    /// Number of the last stored event; 0 = none.
    base::Result<std::uint64_t> event_cursor();

    /// Records in the backend's log as verified last; 0 = never.
    base::Result<std::uint64_t> log_size();
    /// Verifies a checkpoint (sync/receipts/checkpoint.hpp) and that it continues the stored one;
    /// only then does its size become `observed` (I9, I12).
    /// errors  receipt_bad (signature, another log's name, a proof that does not hold),
    /// sequence_gap
    ///         (older than the stored one: a repeated message, or a backend that was set back),
    ///         fork_detected (the backend has signed two logs of one size: both are kept),
    ///         journal_io.
    base::Result<void> store_checkpoint(std::string_view note, const receipts::Proof& proof);

    /// The log that counts, by word of somebody who may say so: whoever signs what comes down, or a
    /// technician; never the backend alone. A name of a later generation
    /// (receipts::log_generation) than that of the log that was followed begins with that log at
    /// nothing verified: the old checkpoint and the old receipts are kept as evidence, the alarms
    /// that the backup explains are settled, and rows that are whole are offered again. The same
    /// name again changes its keys, if any are given.
    /// errors  config_bad (no name of a log; one that was given up), journal_io, journal_full.
    base::Result<void> follow_log(const LogIdentity& log);

    /// The keys of the backend from now on, in place of those of Options: what follows is sealed to
    /// `views`, and receipts of any of `receipts` (at least one; the present one first) count. By
    /// the signed word of the operator, never of the backend alone; not kept beyond this object.
    /// errors  key_bad (none, or not on P-256), journal_io, journal_full.
    base::Result<void> trust_backend(const seal::PublicJwk& views,
                                     std::span<const crypto::Point> receipts);

    /// Receipts whose place in the verified log is not proved yet. errors: journal_io, receipt_bad.
    base::Result<Unproven> unproven();
    /// Verifies a proof against the stored checkpoint; then the receipts that name this place and
    /// this leaf are proven (I13).
    /// errors  receipt_bad (no such proof, or for another checkpoint), fork_detected (another
    ///         record stands where a receipt says that ours does: kept, alarm), journal_io.
    base::Result<void> store_inclusion(const InclusionClaim& claim);
    /// Lets go of the sealed bytes of rows that are acknowledged and proven, the oldest first, in
    /// one transaction. rows_max: 1..limits::compact_rows_max. returns how many; fewer than
    /// rows_max = nothing left to do. errors: journal_io.
    base::Result<std::size_t> compact(std::size_t rows_max);

    /// Compares our chains with what the backend says it has; an epoch that is not named is unknown
    /// there. If it lacks what it has acknowledged, those rows are offered again (it came out of a
    /// backup: alarm); nothing else is believed of it, and they stay acknowledged. A head that our
    /// key has signed and that is not ours proves that somebody else wrote under our identity; what
    /// is unsent then goes on in a new epoch, and if that is contradicted too, grants are refused.
    /// errors  journal_io, journal_full, those of signing.
    base::Result<void> hear_chains(const std::vector<ChainStand>& stands);

    /// Everything this holder declared here, newest first. errors: journal_io, open_failed.
    base::Result<std::vector<Release>> my_releases(base::ByteView pseudonym);

    /// Looks at a take-back code before it is used: code is what check_jws says. A code of another
    /// terminal is never refused, nor one that a key from before this file may have signed.
    /// errors  slip_bad (names this terminal, and none of its keys signed it), journal_io.
    base::Result<SlipStanding> slip_standing(const model::CheckCode& code,
                                             std::string_view check_jws);

    /// Deletes the holder's own copy of one declaration, and what authorities said of it here.
    /// Record, chain and receipts stay, and so does its effect. returns false: no copy of theirs is
    /// there. errors  journal_io, open_failed.
    base::Result<bool> forget_copy(base::ByteView pseudonym, const base::Uuid& declaration);
    /// The same for the copies of everybody whose record is older than limits::own_copy_days_max by
    /// signed time, the oldest first, in one transaction. rows_max: 1..limits::compact_rows_max.
    /// returns how many; fewer than rows_max = nothing left to do this day. errors: journal_io.
    base::Result<std::size_t> forget_old_copies(std::size_t rows_max);

    /// Nothing before the first store. errors: journal_io.
    base::Result<std::optional<DownstreamState>> downstream_state();
    /// Replaces it in one transaction; durable on return. errors: journal_io, journal_full.
    base::Result<void> store_downstream_state(const DownstreamState& state);

    base::Result<Status> status();
    [[nodiscard]] std::uint64_t floor_ms();

  private:
    explicit Journal(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace journal
