// SPDX-License-Identifier: EUPL-1.2
// The open journal behind the public class: connection, place in the chain, floors. Private to this
// folder; the files append, outbound, inbound and releases work on it. One thread.
#pragma once

#include <optional>
#include <span>

#include "drivers/base/limits.hpp"
#include "sync/journal/database.hpp"
#include "sync/journal/journal.hpp"
#include "sync/journal/reserve.hpp"
#include "sync/journal/untold.hpp"
#include "sync/seal/jwe.hpp"

namespace journal {

class Core {
  public:
    Core(Options options, Ports ports);
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;
    ~Core();

    /// Opens the file if it is not open: at start, and again after an I/O error.
    base::Result<void> ensure_open();
    /// The same, and writes down the alarms that had to wait for that. A disk that does not take
    /// them has them in the program's log only.
    base::Result<void> be_ready();
    /// Runs `work` with the file open. An I/O error in it makes the connection dead: it is closed,
    /// and the next call opens and verifies again. An fsync is never repeated on it.
    template <class Work>
    auto guarded(Work work) -> decltype(work()) {
        if (auto ready = be_ready(); !ready) return tl::unexpected(ready.error());
        auto result = work();
        if (!result && result.error().code == base::Errc::journal_io) close();
        return result;
    }
    void close() { db_.reset(); }

    [[nodiscard]] Database& db() { return *db_; }
    /// Every key whose receipts count, the present one first.
    [[nodiscard]] std::vector<crypto::Point> receipt_keys() const;
    /// See Journal::trust_backend.
    base::Result<void> trust_backend(const seal::PublicJwk& views,
                                     std::span<const crypto::Point> receipts);
    [[nodiscard]] const Options& options() const { return options_; }
    [[nodiscard]] const Ports& ports() const { return ports_; }
    [[nodiscard]] Reserve& reserve() { return reserve_; }
    [[nodiscard]] base::ByteView salt() const { return salt_; }

    /// An alarm that is written with the next use of the file.
    void postpone_alarm(AlarmKind kind) {
        postponed_alarms_.push_back({kind, ports_.clock.wall_ms()});
    }
    /// Of the record of which nobody knows whether it is in the file, if there is one.
    [[nodiscard]] Untold& untold() { return untold_; }

    /// The present moment for a record.
    [[nodiscard]] model::Time now() const;
    /// Largest signed backend time plus the boot clock since; 0 before the first contact.
    [[nodiscard]] std::uint64_t floor_ms() const;
    /// Takes over a signed time; smaller ones change nothing (I16).
    void raise_floor(std::uint64_t signed_ms);

    /// Newest record of the chain.
    struct Tip {
        std::uint64_t position = 0;  ///< rows of all epochs
        std::uint32_t epoch = 1;
        std::uint64_t seq = 0;
        model::Digest leaf{};  ///< the epoch's base while seq = 0
    };
    [[nodiscard]] const Tip& tip() const { return tip_; }
    void set_tip(const Tip& tip) { tip_ = tip; }
    /// As model::observed_claim.
    [[nodiscard]] std::uint64_t observed() const { return observed_; }
    void raise_observed(std::uint64_t claim) { observed_ = std::max(observed_, claim); }
    /// Of the log that is followed; 1 before the first.
    [[nodiscard]] std::uint32_t log_generation() const { return model::generation_of(observed_); }
    [[nodiscard]] std::uint64_t contact_ms() const { return contact_ms_; }
    void raise_contact(std::uint64_t ms) { contact_ms_ = std::max(contact_ms_, ms); }

    /// Acknowledged rows that are offered again because the backend has lost them, or its log was
    /// begun anew. Lives in memory: after a restart the backend asks again, and renewal
    /// (log_view.hpp) finds the others.
    struct Resend {
        std::uint64_t chain = 0;    ///< first position that it still lacks
        std::uint64_t advance = 0;  ///< from here on protective rows are copied ahead again
    };
    [[nodiscard]] const std::optional<Resend>& resend() const { return resend_; }
    void set_resend(std::optional<Resend> resend) { resend_ = resend; }
    /// How many records the next batch may have, as it was asked for last: what lies behind them is
    /// copied ahead.
    [[nodiscard]] std::uint64_t batch_records() const { return batch_records_; }
    void set_batch_records(std::uint64_t records) { batch_records_ = records; }
    /// A receipt came for the positions from..to.
    void note_received(receipts::Lane lane, std::uint64_t from, std::uint64_t to);

    /// The journal keys of this terminal, the first one first.
    [[nodiscard]] const std::vector<crypto::Point>& journal_keys() const { return keys_; }
    /// What read_identity (epochs.hpp) said last.
    [[nodiscard]] bool in_doubt() const { return in_doubt_; }
    [[nodiscard]] bool cloned() const { return cloned_; }
    base::Result<void> look_at_identity();
    /// The batch that was offered last and has no receipt yet.
    struct Offered {
        std::uint64_t first = 0;  ///< position of its first row, 0 = none
        bool alone = false;       ///< that row and no other: so it shows which one is refused
    };
    [[nodiscard]] const Offered& offered() const { return offered_; }
    void set_offered(const Offered& offered) { offered_ = offered; }

    /// The search for the last row that the backend has as we do (last_common.hpp). In memory:
    /// after a restart it begins anew.
    struct Search {
        std::uint64_t common = 0;   ///< newest row that it is known to have, 0 = none
        std::uint64_t refused = 0;  ///< oldest row that it has refused, or the end
        std::uint64_t end = 0;      ///< the row behind the acknowledged ones
        std::uint64_t back = 1;     ///< so many rows before `refused` is offered next
    };
    [[nodiscard]] const std::optional<Search>& search() const { return search_; }
    void set_search(const std::optional<Search>& search) { search_ = search; }
    /// From here on protective rows are copied ahead again although they are acknowledged, 0 = none
    /// are: those that the backend took back reach it before anything else is settled.
    [[nodiscard]] std::uint64_t copy_again() const { return copy_again_; }
    void set_copy_again(std::uint64_t position) { copy_again_ = position; }

    /// A copied machine's rows are refused, all of them: it offers one batch after the other and
    /// then begins again, so that the backend has each of them as evidence (I6). 0 = at the front.
    struct Refused {
        std::uint64_t to = 0;       ///< last row of those that were offered before
        std::uint64_t offered = 0;  ///< last row of the batch that was offered last
    };
    [[nodiscard]] const Refused& refused() const { return refused_; }
    void set_refused(const Refused& refused) { refused_ = refused; }

    /// The day whose size has been written down, in days since 1970; 0 = none yet.
    [[nodiscard]] std::uint64_t size_noted_day() const { return size_noted_day_; }
    void set_size_noted_day(std::uint64_t day) { size_noted_day_ = day; }

    /// The day on which no own copy was too old any more, in days since 1970; 0 = not asked yet.
    [[nodiscard]] std::uint64_t copies_seen_day() const { return copies_seen_day_; }
    void set_copies_seen_day(std::uint64_t day) { copies_seen_day_ = day; }

    /// Something may have become compactable since compaction last found nothing.
    [[nodiscard]] bool compaction_due() const { return compaction_due_; }
    void set_compaction_due(bool due) { compaction_due_ = due; }

    /// Makes the agreement of the next record if it is not there.
    base::Result<void> make_agreement();
    /// Takes it away, for one record; made now if it was not made before.
    base::Result<seal::Agreement> take_agreement();

    /// Lets the file grow for grants or for protective acts, see Options::bytes_max.
    base::Result<void> set_size_bound(bool with_reserve);
    /// Called after each commit; now and then empties the WAL. A failure closes the connection: the
    /// record is durable already.
    void after_commit();
    /// Copies the WAL into the file and empties it, now.
    void empty_log();

  private:
    base::Result<void> load();
    [[nodiscard]] base::Bytes receipt_keys_blob() const;
    base::Result<void> create_meta();
    base::Result<void> load_meta();
    base::Result<void> load_chain();
    base::Result<void> change_key();
    base::Result<void> answer_untold();

    Options options_;
    Ports ports_;
    Reserve reserve_;
    Untold untold_;
    std::optional<Database> db_;
    base::Bytes salt_;
    crypto::Point journal_key_{};  ///< that of the key store
    std::vector<crypto::Point> keys_;
    bool in_doubt_ = false;
    bool cloned_ = false;
    Offered offered_;
    std::optional<Search> search_;
    std::uint64_t copy_again_ = 0;
    Refused refused_;
    Tip tip_;
    std::uint64_t observed_ = 0;
    std::uint64_t contact_ms_ = 0;
    std::uint64_t floor_base_ms_ = 0;  ///< floor at the moment floor_base_boot_ms_
    std::uint64_t floor_base_boot_ms_ = 0;
    std::uint64_t records_in_wal_ = 0;
    std::optional<Resend> resend_;
    std::vector<PostponedAlarm> postponed_alarms_;
    unsigned alarm_tries_ = 0;
    std::uint64_t batch_records_ = limits::batch_records_max;
    bool compaction_due_ = true;
    std::uint64_t size_noted_day_ = 0;
    std::uint64_t copies_seen_day_ = 0;
    std::optional<seal::Agreement> agreement_;
};

}  // namespace journal
