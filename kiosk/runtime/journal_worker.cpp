// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/journal_worker.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <future>
#include <optional>
#include <thread>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits_journal.hpp"
#include "drivers/base/log.hpp"
#include "drivers/crypto/random.hpp"
#include "kiosk/runtime/moment.hpp"
#include "sync/courier/manifest.hpp"
#include "sync/outbox/server.hpp"

namespace runtime {
namespace {

// Nothing to do means sleeping: only jobs, syncd and this slow tick for the floor wake the thread.
constexpr int idle_wait_ms = 60'000;

using FileDescriptor = base::Handle<int, [](int fd) { ::close(fd); }>;

struct Append {
    core::AppendDeclaration effect;
    Evidence evidence;
};
using Job = std::variant<Append, core::LoadReleases, core::DeleteCopy, JudgedCode>;

/// journal::Journal as syncd sees it.
class Source final : public outbox::Source {
  public:
    struct Parts {
        journal::Journal& journal;
        Mailbox& mailbox;
        port::KeyStore& keys;
        base::Uuid terminal;
        const std::function<void(std::uint64_t)>& on_log;
    };
    explicit Source(const Parts& parts)
        : journal_(parts.journal),
          mailbox_(parts.mailbox),
          keys_(parts.keys),
          terminal_(parts.terminal),
          on_log_(parts.on_log) {
        tell_log();
    }

    base::Result<std::string> next_batch() override {
        return journal_.next_batch(limits::batch_records_max);
    }
    base::Result<std::string> next_advance() override { return journal_.next_advance(); }
    base::Result<void> store_receipt(std::string_view set) override {
        return journal_.store_receipt(set);
    }
    base::Result<void> store_event(std::uint64_t n, std::string_view set) override {
        return journal_.store_event(n, set);
    }
    base::Result<std::uint64_t> event_cursor() override { return journal_.event_cursor(); }
    base::Result<std::uint64_t> log_size() override { return journal_.log_size(); }
    base::Result<void> store_checkpoint(std::string_view note, base::ByteView proof) override {
        TRY_VOID(journal_.store_checkpoint(note, receipts::hashes_of(proof)));
        tell_log();
        return {};
    }
    base::Result<void> hear_chains(const std::vector<outbox::ChainStand>& chains) override {
        std::vector<journal::ChainStand> stands;
        stands.reserve(chains.size());
        for (const auto& chain : chains)
            stands.push_back({chain.epoch, chain.next_seq, chain.head});
        return journal_.hear_chains(stands);
    }
    base::Result<outbox::Unproven> unproven() override {
        auto places = journal_.unproven();
        if (!places) return tl::unexpected(places.error());
        return outbox::Unproven{places->size, std::move(places->indexes)};
    }
    base::Result<void> store_inclusion(const outbox::StoreInclusion& claim) override {
        return journal_.store_inclusion({claim.index, claim.size,
                                         receipts::hashes_of(claim.leaf).at(0),
                                         receipts::hashes_of(claim.proof)});
    }
    base::Result<std::string> body_after(const outbox::PullAfter& place) override {
        const journal::Behind behind{place.epoch, place.seq};
        return place.lane == outbox::Lane::batch
                   ? journal_.batch_after(behind, limits::batch_records_max)
                   : journal_.advance_after(behind);
    }
    /// Only a manifest, and only one of this terminal, gets this signature.
    base::Result<std::string> sign_manifest(std::string_view payload) override {
        TRY(manifest, courier::parse_out_manifest(payload));
        if (manifest.terminal != terminal_)
            return base::fail(base::Errc::stick_bad, "courier manifest of another terminal");
        seal::StoreSigner signer(keys_, journal::journal_key_name);
        seal::JwsHeader header;
        header.typ = std::string(courier::typ_manifest);
        header.kid = base::to_text(terminal_);
        return seal::sign_compact(header, base::as_bytes(payload), signer);
    }
    outbox::DownstreamSink* downstream() override { return door_; }
    void set_door(DownstreamDoor* door) { door_ = door; }
    void link_changed(const outbox::LinkStatus& status) override {
        if (up_ == status.up) return;
        up_ = status.up;
        mailbox_.post(core::LinkChanged{status.up, moment_of(status.since_ms, 0)});
    }
    /// A syncd that is gone, or says nothing any more, cannot have a line.
    void syncd_lost(std::uint64_t now_ms) { link_changed({.up = false, .since_ms = now_ms}); }

  private:
    void tell_log() {
        const auto size = journal_.log_size();
        if (size && on_log_) on_log_(*size);
    }

    journal::Journal& journal_;
    Mailbox& mailbox_;
    port::KeyStore& keys_;
    base::Uuid terminal_;
    const std::function<void(std::uint64_t)>& on_log_;
    DownstreamDoor* door_ = nullptr;
    std::optional<bool> up_;
};

}  // namespace

class JournalWorker::Thread {
  public:
    Thread(JournalSettings settings, Ports ports)
        : settings_(std::move(settings)),
          ports_(std::move(ports)),
          wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

    base::Result<void> start() {
        std::promise<base::Result<void>> opened;
        auto result = opened.get_future();
        thread_ = std::jthread([this, &opened](const std::stop_token& stop) { run(stop, opened); });
        return result.get();
    }

    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;
    ~Thread() {
        thread_.request_stop();
        wake();
    }

    bool enqueue(Job job) {
        if (!jobs_.push(std::move(job))) return false;
        wake();
        return true;
    }

    Mailbox& mailbox() { return ports_.mailbox; }

  private:
    void wake() {
        const std::uint64_t one = 1;
        // The counter can only be full if the thread was woken already.
        [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
    }

    void run(const std::stop_token& stop, std::promise<base::Result<void>>& opened) {
        crypto::SystemRandom random;
        auto journal =
            journal::Journal::open(settings_.journal, {ports_.keys, random, ports_.clock});
        if (!journal) return opened.set_value(tl::unexpected(journal.error()));
        Source source(
            {*journal, ports_.mailbox, ports_.keys, settings_.journal.terminal, ports_.on_log});
        auto server = outbox::Server::open({settings_.socket.string(), settings_.syncd_uid}, source,
                                           ports_.clock);
        if (!server) return opened.set_value(tl::unexpected(server.error()));
        ports_.on_floor(journal->floor_ms());
        const auto door = open_door(*journal);
        source.set_door(door.get());
        opened.set_value({});
        serve(stop, *journal, **server, source);
    }

    /// Null without a root, or with one that is none: people are served all the same, with what
    /// was enrolled.
    std::unique_ptr<DownstreamDoor> open_door(journal::Journal& journal) {
        if (!settings_.downstream) return nullptr;
        auto door = DownstreamDoor::open(*settings_.downstream, journal,
                                         {[this](const downstream::Manifest& manifest) {
                                              if (ports_.on_active) ports_.on_active(manifest);
                                          },
                                          ports_.on_backend});
        if (door) return std::move(*door);
        base::log_error(door.error());
        return nullptr;
    }

    void serve(const std::stop_token& stop, journal::Journal& journal, outbox::Server& server,
               Source& source) {
        // Jobs that were handed over before the stop are still done: a person was told "please
        // wait".
        while (true) {
            while (auto job = jobs_.try_pop()) {
                const bool records = std::holds_alternative<Append>(*job);
                std::visit(
                    [&](auto&& item) { perform(journal, std::forward<decltype(item)>(item)); },
                    std::move(*job));
                if (records) server.tell_news();
            }
            if (stop.stop_requested()) return;
            // While people read: who presses "confirm" waits for what is left.
            if (const auto ready = journal.make_ready(); !ready) base::log_error(ready.error());
            const bool more = compact(journal);
            server.turn(more ? 0 : idle_wait_ms, wake_.get());
            std::uint64_t count = 0;
            [[maybe_unused]] const auto drained = ::read(wake_.get(), &count, sizeof count);
            if (!server.heard()) source.syncd_lost(ports_.clock.wall_ms());
            ports_.on_floor(journal.floor_ms());
        }
    }

    /// A few rows between any two turns; true if there is more to do.
    static bool compact(journal::Journal& journal) {
        const auto rows = journal.compact(limits::compact_rows_max);
        if (!rows) base::log_error(rows.error());
        const auto copies = journal.forget_old_copies(limits::compact_rows_max);
        if (!copies) base::log_error(copies.error());
        return (rows && *rows == limits::compact_rows_max) ||
               (copies && *copies == limits::compact_rows_max);
    }

    void perform(journal::Journal& journal, const Append& job) {
        const core::Ticket ticket = job.effect.ticket;
        const bool slip = job.effect.draft.event == model::Event::given;
        auto appended = journal.append(to_declaration(job.effect.draft, job.evidence),
                                       slip ? journal::Slip::print : journal::Slip::none);
        if (!appended) {
            base::log_error(appended.error());
            ports_.mailbox.post(core::JournalFailed{ticket, appended.error().code});
            return;
        }
        if (!can_be_taken_back_by_slip(job.effect.draft.act)) appended->take_back_code.clear();
        ports_.mailbox.post(core::Journaled{
            ticket, {std::move(appended->check_code), std::move(appended->take_back_code)}});
    }

    void perform(journal::Journal& journal, const core::LoadReleases& job) {
        auto rows = journal.my_releases(base::as_bytes(job.subject.view()));
        if (!rows) {
            base::log_error(rows.error());
            ports_.mailbox.post(core::ReleasesFailed{job.ticket, rows.error().code});
            return;
        }
        ports_.mailbox.post(
            core::ReleasesLoaded{job.ticket, to_releases(*rows, moment_now(ports_.clock).date)});
    }

    /// A copy that is not there any more is as good as deleted.
    void perform(journal::Journal& journal, const core::DeleteCopy& job) {
        const auto gone = journal.forget_copy(base::as_bytes(job.subject.view()), job.declaration);
        core::CopyDeleted answer{job.ticket};
        if (!gone) {
            base::log_error(gone.error());
            answer.errc = gone.error().code;
        }
        ports_.mailbox.post(answer);
    }

    /// A journal that cannot say anything keeps nobody from taking back: the backend judges, too.
    void perform(journal::Journal& journal, JudgedCode code) {
        auto& slip = std::get<core::TakeBackSlip>(code.slip);
        const auto standing = journal.slip_standing(code.check, code.check_jws);
        if (standing) {
            slip.signed_here = standing->signed_here;
            slip.taken_back_here = standing->taken_back_here;
        } else {
            base::log_error(standing.error());
            if (standing.error().code == base::Errc::slip_bad)
                code.slip = core::SlipTrouble::forged;
        }
        ports_.mailbox.post(core::SlipHeld{std::move(code.slip)});
    }

    const JournalSettings settings_;
    Ports ports_;
    FileDescriptor wake_;
    base::BoundedQueue<Job> jobs_{limits::worker_queue_items_max};
    std::jthread thread_;  // last member: ends before what it uses
};

JournalWorker::JournalWorker(std::unique_ptr<Thread> thread) : thread_(std::move(thread)) {}
JournalWorker::~JournalWorker() = default;

base::Result<std::unique_ptr<JournalWorker>> JournalWorker::start(JournalSettings settings,
                                                                  Ports ports) {
    auto thread = std::make_unique<Thread>(std::move(settings), std::move(ports));
    TRY_VOID(thread->start());
    return std::unique_ptr<JournalWorker>(new JournalWorker(std::move(thread)));
}

void JournalWorker::append(core::AppendDeclaration effect, const Evidence& evidence) {
    const core::Ticket ticket = effect.ticket;
    if (thread_->enqueue(Append{std::move(effect), evidence})) return;
    thread_->mailbox().post(core::JournalFailed{ticket, base::Errc::busy});
}

void JournalWorker::forget(core::DeleteCopy effect) {
    const core::Ticket ticket = effect.ticket;
    if (thread_->enqueue(std::move(effect))) return;
    thread_->mailbox().post(core::CopyDeleted{ticket, base::Errc::busy});
}

void JournalWorker::look_at(JudgedCode code) {
    // Full: the slip is held to the reader again.
    (void)thread_->enqueue(std::move(code));
}

void JournalWorker::load(core::LoadReleases effect) {
    const core::Ticket ticket = effect.ticket;
    if (thread_->enqueue(std::move(effect))) return;
    thread_->mailbox().post(core::ReleasesFailed{ticket, base::Errc::busy});
}

}  // namespace runtime
