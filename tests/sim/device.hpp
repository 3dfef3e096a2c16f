// SPDX-License-Identifier: EUPL-1.2
// One machine: its disk, the real journal on it (as the kiosk opens it), and the real loop of syncd
// with its spool, both of which may end at any moment. Writes into the ledger what its journal has
// told and accepted. One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "sync/journal/journal.hpp"
#include "sync/outbox/responder.hpp"
#include "sync/syncd/loop.hpp"
#include "tests/crash/power_cut_disk.hpp"
#include "tests/fakes/journal_world.hpp"
#include "tests/sim/context.hpp"

namespace sim {

/// Who a machine is for the backend: id, key and epoch. A clone has the same.
struct Identity {
    base::Uuid terminal;
    crypto::KeyPair key;
    std::uint32_t epoch = 1;
    [[nodiscard]] Identity copy() const {
        return {terminal, {key.secret.clone(), key.point}, epoch};
    }
};

class Line;

class Device final : public outbox::Source {
  public:
    struct Start {
        std::size_t number = 0;
        Identity identity;
        model::Digest epoch_base{};       ///< of a new disk that continues an old chain
        crash::PowerCutDisk::Image disk;  ///< empty = a new one
        std::uint64_t rows = 0;           ///< records on that disk
        std::uint64_t unsure = 0;         ///< and so many more, perhaps
        bool may_have_moved = false;      ///< and perhaps all unsent ones once more, in a new epoch
        std::uint32_t generation = 1;     ///< of the log that its journal follows
        std::uint64_t verified = 0;       ///< size of that log that its journal has verified
        /// Or perhaps so far, as model::observed_claim: its disk failed when it turned to a new
        /// log.
        std::uint64_t claim_perhaps = 0;
        std::uint64_t signed_ms = 0;  ///< largest backend time that it has accepted
    };
    struct Keys {
        crypto::Point views;
        crypto::Point receipts;
        const crypto::KeyPair* receipt_signer = nullptr;  ///< for a mutant that forges
    };
    Device(Context& context, Start start, Keys keys, const std::filesystem::path& folder);
    ~Device() override;

    /// What is connected to syncd's outer end; before the first boot.
    void connect(std::unique_ptr<Line> line);

    /// Starts what does not run. Checks I1, I2 and I16 against the ledger.
    void boot();
    void kill_kiosk();
    void kill_syncd();
    void power_cut();
    /// The next append is interrupted by a power cut after so many operations of the disk.
    void arm_cut(std::uint64_t operations) { disk_->cut_after(operations); }
    void arm_failed_sync(std::uint64_t syncs) { disk_->fail_sync_after(syncs); }
    void limit_disk(std::uint64_t bytes_more);
    void lift_disk_limit() { disk_->set_capacity(UINT64_MAX); }
    /// The spool's folder loses or damages one of its files.
    void spoil_spool();

    /// What a person does here. Fills in what the journal says; nothing if it was not recorded.
    std::optional<journal::Appended> record(const model::Declaration& draft, journal::Slip slip,
                                            Told told);
    /// The kiosk lets go of what is proved to be in the log, as its worker does between two turns.
    void compact();
    /// One turn of syncd, if it runs and is not in the middle of one.
    void turn();
    /// What a stick takes along of a lane: several bodies at once, as syncd's export asks for them.
    [[nodiscard]] std::vector<std::string> stick_bodies(outbox::Lane lane);
    /// Word comes down that the log goes on under this name.
    void follow_log(const std::string& name);
    [[nodiscard]] std::uint32_t log_generation() const { return start_.generation; }
    /// A stick or a bad line brings a receipt.
    void offer_receipt(const std::string& set) { (void)store_receipt(set).has_value(); }

    // outbox::Source, asked through the real responder.
    base::Result<std::string> next_batch() override;
    base::Result<std::string> next_advance() override;
    base::Result<void> store_receipt(std::string_view set) override;
    base::Result<void> store_event(std::uint64_t n, std::string_view set) override;
    base::Result<std::uint64_t> event_cursor() override;
    base::Result<std::uint64_t> log_size() override;
    base::Result<void> store_checkpoint(std::string_view note, base::ByteView proof) override;
    base::Result<void> hear_chains(const std::vector<outbox::ChainStand>& chains) override;
    base::Result<outbox::Unproven> unproven() override;
    base::Result<void> store_inclusion(const outbox::StoreInclusion& claim) override;
    void link_changed(const outbox::LinkStatus&) override {}

    [[nodiscard]] const Start& about() const { return start_; }
    [[nodiscard]] std::size_t number() const { return start_.number; }
    [[nodiscard]] bool runs() const { return journal_.has_value(); }
    [[nodiscard]] bool syncd_busy() const { return syncd_busy_; }
    [[nodiscard]] bool syncd_doomed() const { return syncd_doomed_; }
    [[nodiscard]] std::uint64_t rows() const { return start_.rows; }
    [[nodiscard]] std::uint64_t verified() const { return start_.verified; }
    /// The largest observed_claim that one of its records may make now (I9).
    [[nodiscard]] std::uint64_t claim_max() const;
    /// Rows that the journal had when syncd last asked for advance copies.
    [[nodiscard]] std::uint64_t rows_at_advance() const { return rows_at_advance_; }
    /// Its spool was damaged and the kiosk has not been asked since.
    [[nodiscard]] bool spool_spoiled() const { return spool_spoiled_; }
    [[nodiscard]] MachineClock& clock() { return clock_; }
    [[nodiscard]] std::optional<journal::Status> status();
    /// The same disk for another machine, or for later; what is not synced is not on it.
    [[nodiscard]] Start image(std::size_t number) const;
    [[nodiscard]] crash::PowerCutDisk::Image disk() const { return disk_->image(); }
    [[nodiscard]] const std::filesystem::path& spool_folder() const { return folder_; }
    [[nodiscard]] std::optional<std::vector<journal::Release>> releases(base::ByteView pseudonym);
    /// Signs the request to be enrolled.
    [[nodiscard]] std::string enrolment(const std::string& code);

    bool retired = false;        ///< its disk was thrown away
    bool offline = false;        ///< no network for the time being
    bool log_suspected = false;  ///< a checkpoint did not continue what was verified

  private:
    class KioskLink;
    [[nodiscard]] journal::Options options() const;
    void open_journal();
    void judge_rows();
    bool take_rows(const journal::Status& now);
    bool settle_move();
    void watch_floor();
    void begin_log(std::uint32_t generation);
    base::Result<void> keep_receipt(std::string_view set);
    std::string rewritten(std::string_view set);

    Context& context_;
    Start start_;
    Keys keys_;
    std::filesystem::path folder_;
    Dice random_;
    MachineClock clock_;
    fakes::MemoryKeyStore key_store_;
    std::unique_ptr<crash::PowerCutDisk> disk_;
    std::optional<journal::Journal> journal_;
    std::optional<outbox::Responder> responder_;
    std::uint64_t unsure_ = 0;  ///< appends of which nobody knows whether they are on the disk
    /// A new epoch was perhaps begun, and with it every unsent row chained anew.
    bool may_have_moved_ = false;
    std::uint32_t epoch_ = 0;  ///< of the journal, when it was looked at last
    std::uint64_t floor_ms_ = 0;
    std::uint64_t rows_at_advance_ = 0;
    bool spool_spoiled_ = false;
    // syncd, in the order of need.
    std::unique_ptr<Line> line_;
    std::unique_ptr<KioskLink> link_;
    std::optional<syncd::Spool> spool_;
    std::unique_ptr<transport::Backend> transport_;
    std::unique_ptr<syncd::Loop> loop_;
    bool syncd_busy_ = false;
    bool syncd_doomed_ = false;
    // Mutants at this seam.
    std::string dropped_body_;
    friend class Line;
};

}  // namespace sim
