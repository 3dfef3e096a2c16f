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
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/key_store.hpp"
#include "drivers/port/random.hpp"
#include "sync/model/slip.hpp"
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
    seal::PublicJwk views_key;   ///< what the backend's views role opens
    crypto::Point receipt_key;   ///< what signs receipts
    std::uint32_t epoch = 1;     ///< larger than that of the file: a new epoch begins, chained on
    model::Digest epoch_base{};  ///< only for a new file of epoch > 1: last verified head
    /// Bounds of the file; protective acts may use the reserve beyond. Smaller in tests.
    std::uint64_t bytes_max = 0;  ///< 0 = limits::journal_bytes_max
};

/// Everything of the world that the journal needs; all outlive it.
struct Ports {
    port::KeyStore& keys;
    port::Random& random;
    port::Clock& clock;
};

/// What the citizen gets after "recorded". The codes are empty for an act without a slip.
struct Appended {
    model::RecordKey key;
    base::Uuid declaration;
    model::Time time;
    std::string check_code;
    std::string take_back_code;
};
enum class Slip : std::uint8_t { none, print };

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
    std::uint64_t observed = 0;         ///< largest verified log size; never decreases (I9)
    std::uint64_t floor_ms = 0;         ///< time floor at this moment; never decreases (I16)
    std::uint64_t last_contact_ms = 0;  ///< signed time of the newest receipt; 0 = never
    bool grants_possible = true;        ///< false: the reserve has been touched, disk full
};

class Journal {
  public:
    /// Opens or creates the file and verifies the chain (hashes of all rows, order, the signature
    /// of each epoch's head). errors: journal_locked (another process has it), journal_open_failed,
    /// journal_schema_unknown, journal_chain_broken, journal_full, journal_io, key_bad.
    static base::Result<Journal> open(Options options, Ports ports);
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();

    /// Records a declaration. The journal sets id, place, time and slip hash; everything else is
    /// the caller's. returns after COMMIT. With a pseudonym the citizen's copy is written in the
    /// same transaction.
    /// errors  declaration_bad; journal_full (grants only: a protective act may use the reserve);
    ///         journal_io (nothing is promised: the file was closed, opened and verified again; ask
    ///         again); journal_open_failed and the others of open (it could not be opened again).
    /// cost    about 3 ms of signing and sealing, one fsync.
    base::Result<Appended> append(model::Declaration draft, Slip slip);

    /// Exact body of the next batch (model::Batch), or empty if every row has been received.
    /// records_max  1..limits::batch_records_max.
    base::Result<std::string> next_batch(std::size_t records_max);
    /// Exact body of advance copies (model::Advance) of protective acts that have no receipt and
    /// are not at the front of the next batch anyway; empty if there are none.
    base::Result<std::string> next_advance();

    /// Verifies a receipt and binds it to our rows; then they are acknowledged. Storing the same
    /// one twice is no error. errors: receipt_bad (signature, audience, or a leaf or ciphertext
    /// that is not ours), journal_io.
    base::Result<void> store_receipt(std::string_view set);
    /// Stores an event of the backend's list (number n); a known n is ignored. errors: receipt_bad,
    /// sequence_gap (n is not above the cursor by at least one), journal_io.
    base::Result<void> store_event(std::uint64_t n, std::string_view set);
    /// Number of the last stored event; 0 = none.
    base::Result<std::uint64_t> event_cursor();

    /// Everything this holder declared here, newest first. errors: journal_io, open_failed.
    base::Result<std::vector<Release>> my_releases(base::ByteView pseudonym);

    base::Result<Status> status();
    [[nodiscard]] std::uint64_t floor_ms();

  private:
    struct State;
    explicit Journal(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace journal
