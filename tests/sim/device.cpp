// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/device.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "sync/model/json.hpp"
#include "sync/receipts/checkpoint.hpp"
#include "tests/sim/device_seams.hpp"
#include "tests/sim/line.hpp"

namespace sim {

using base::Errc;

/// syncd's inner end: the same frames and the same responder as over the socket.
class Device::KioskLink final : public outbox::Client {
  public:
    KioskLink(Device& device, port::Clock& clock) : Client("", clock, -1), device_(device) {}

  protected:
    base::Result<outbox::Answer> ask(const outbox::Request& request) override {
        Context& context = device_.context_;
        if (context.dice.chance(context.weather.meanwhile / 4)) context.meanwhile();
        if (device_.syncd_doomed_) return base::fail(Errc::cancelled, "sim link");
        if (!device_.responder_) return base::fail(Errc::network_unreachable, "sim link");
        TRY(question,
            outbox::read_request(through(outbox::write_request(request), outbox::Towards::kiosk)));
        const auto answer = device_.responder_->answer(question);
        return outbox::read_answer(through(outbox::write_answer(answer), outbox::Towards::syncd));
    }

  private:
    static outbox::Frame through(const base::Bytes& bytes, outbox::Towards towards) {
        outbox::FrameReader reader(towards);
        const auto used = reader.feed(bytes);
        CHECK(used.has_value());
        CHECK(*used == bytes.size());
        CHECK(reader.done());
        return reader.take();
    }
    Device& device_;
};

Device::Device(Context& context, Start start, Keys keys, const std::filesystem::path& folder)
    : context_(context),
      start_(std::move(start)),
      keys_(keys),
      folder_(folder / ("spool-" + std::to_string(start_.number))),
      random_(context.dice.next()),
      clock_(context),
      key_store_(random_),
      disk_(std::make_unique<crash::PowerCutDisk>(context.dice.next())) {
    key_store_.add(std::string(journal::journal_key_name), start_.identity.copy().key);
    if (context.mutant == Mutant::ack_before_durable_kiosk) disk_->ignore_log_syncs();
    if (!start_.disk.empty()) disk_->restore(start_.disk);
    start_.disk.clear();
    unsure_ = start_.unsure;
    may_have_moved_ = start_.may_have_moved;
}

Device::~Device() = default;

void Device::connect(std::unique_ptr<Line> line) {
    line_ = std::move(line);
}

journal::Options Device::options() const {
    journal::Options options;
    options.path = "/journal.db";
    options.vfs = disk_->vfs_name();
    options.terminal = start_.identity.terminal;
    options.site = "Musterstadt";
    options.views_key = {"views", keys_.views};
    options.receipt_key = keys_.receipts;
    options.epoch = start_.identity.epoch;
    options.epoch_base = start_.epoch_base;
    options.reserve_bytes = 0;
    return options;
}

void Device::open_journal() {
    edit_before_boot(context_.mutant, *disk_, context_.ledger, start_.number);
    auto opened = journal::Journal::open(options(), {key_store_, random_, clock_});
    if (!opened) {
        // A disk that fails right now is tried again later; anything else is a broken promise.
        const Errc code = opened.error().code;
        context_.trace.note("device " + std::to_string(number()) +
                            " does not open: " + std::string(base::name(code)) + " " +
                            opened.error().where + " " + std::to_string(opened.error().detail));
        if (code == Errc::journal_chain_broken || code == Errc::journal_schema_unknown ||
            code == Errc::key_bad) {
            context_.trace.violate("I1", "device " + std::to_string(number()) +
                                             " does not open: " + opened.error().where);
        }
        if (disk_->dead()) disk_->power_cycle();
        return;
    }
    journal_.emplace(std::move(*opened));
    responder_.emplace(*this);
    floor_ms_ = 0;
    judge_rows();
    if (journal_->floor_ms() < start_.signed_ms) {
        context_.trace.violate("I16", "after a restart the floor lies below a signed time");
    }
}

/// I1 and I2: told means there; and nothing is there that nobody asked for.
void Device::judge_rows() {
    const auto now = status();
    if (!now) return;
    if (now->rows < start_.rows) {
        context_.trace.violate("I1", "device " + std::to_string(number()) + " has " +
                                         std::to_string(now->rows) + " records, told were " +
                                         std::to_string(start_.rows));
    }
    if (!take_rows(*now)) {
        context_.trace.violate("I2", "device " + std::to_string(number()) +
                                         " has a record that was reported as failed");
    }
    const bool seen = now->observed <= start_.verified ||
                      now->observed <= model::log_size_of(start_.claim_perhaps);
    if (!seen) {
        context_.trace.violate("I9", "device " + std::to_string(number()) + " claims " +
                                         std::to_string(now->observed) + ", verified " +
                                         std::to_string(start_.verified));
    }
}

/// False if there are rows that nobody asked for. A journal that goes on in a new epoch has its
/// unsent rows twice, all of them or none: as they were, and chained anew.
bool Device::take_rows(const journal::Status& now) {
    if (now.rows < start_.rows) return false;
    const std::uint64_t more = now.rows - start_.rows;
    const bool moved =
        may_have_moved_ && now.epoch > epoch_ && more >= now.unsent && more <= now.unsent + unsure_;
    const bool accounted = more <= unsure_ || moved;
    start_.rows = now.rows;
    epoch_ = now.epoch;
    unsure_ = 0;
    may_have_moved_ = false;
    return accounted;
}

/// Looks what became of a new epoch before anything is recorded or confirmed on top of it; then
/// what is unsent could no longer be compared. False if the disk does not say.
bool Device::settle_move() {
    if (!may_have_moved_) return true;
    const auto now = disk_->dead() ? std::nullopt : status();
    if (!now) return false;
    if (now->rows != start_.rows && !take_rows(*now)) {
        context_.trace.violate("I2", "a new epoch of device " + std::to_string(number()) +
                                         " has other rows than were unsent");
    }
    may_have_moved_ = false;
    return true;
}

std::uint64_t Device::claim_max() const {
    return std::max(model::observed_claim(start_.generation, start_.verified),
                    start_.claim_perhaps);
}

void Device::watch_floor() {
    const std::uint64_t floor = journal_->floor_ms();
    if (floor < floor_ms_) context_.trace.violate("I16", "the floor went back");
    floor_ms_ = floor;
}

void Device::boot() {
    if (retired) return;
    if (!journal_) open_journal();
    if (loop_ || syncd_busy_) return;
    auto spool = syncd::Spool::open(folder_.string());
    CHECK(spool.has_value());
    spool_ = std::move(*spool);
    link_ = std::make_unique<KioskLink>(*this, clock_);
    transport_ = std::make_unique<transport::Backend>(*line_, start_.identity.terminal);
    loop_ = std::make_unique<syncd::Loop>(
        syncd::Loop::Parts{*link_, *transport_, *spool_, clock_, random_}, syncd::Pace{});
}

void Device::kill_kiosk() {
    responder_.reset();
    journal_.reset();
}

void Device::kill_syncd() {
    if (syncd_busy_) {
        syncd_doomed_ = true;
        return;
    }
    syncd_doomed_ = false;
    loop_.reset();
    transport_.reset();
    link_.reset();
    spool_.reset();
}

void Device::power_cut() {
    ++context_.crashes;
    kill_kiosk();
    kill_syncd();
    disk_->power_cycle();
    clock_.reboot();
}

void Device::turn() {
    if (!loop_ || syncd_busy_) return;
    syncd_busy_ = true;
    (void)loop_->turn().has_value();  // cancelled: it was killed, see below
    syncd_busy_ = false;
    if (syncd_doomed_) kill_syncd();
    if (disk_->dead()) {
        context_.trace.note("power cut at device " + std::to_string(number()));
        power_cut();
    } else {
        disk_->cut_after(UINT64_MAX);
    }
}

std::optional<journal::Appended> Device::record(const model::Declaration& draft, journal::Slip slip,
                                                Told told) {
    if (!journal_) return std::nullopt;
    // A disk that does not even say what is on it records nothing either.
    auto done = settle_move() ? journal_->append(draft, slip)
                              : base::fail(Errc::journal_io, "asked before it failed");
    if (done) {
        told.device = number();
        told.order = ++start_.rows;
        told.key = done->key;
        told.declaration = done->declaration;
        told.observed = claim_max();
        context_.ledger.told.push_back(std::move(told));
        if (!disk_->dead()) watch_floor();
    } else if (done.error().code != Errc::journal_full && done.error().code != Errc::journal_io) {
        ++unsure_;
    } else if (disk_->dead()) {
        ++unsure_;
    }
    if (disk_->dead()) {
        context_.trace.note("power cut while recording");
        power_cut();
    } else {
        disk_->cut_after(UINT64_MAX);
    }
    if (!done) return std::nullopt;
    return std::move(*done);
}

std::optional<journal::Status> Device::status() {
    if (!journal_) return std::nullopt;
    auto now = journal_->status();
    if (!now) {
        context_.trace.note("status of device " + std::to_string(number()) + ": " +
                            std::string(base::name(now.error().code)) + " " + now.error().where);
        return std::nullopt;
    }
    return *now;
}

std::optional<std::vector<journal::Release>> Device::releases(base::ByteView pseudonym) {
    if (!journal_) return std::nullopt;
    auto own = journal_->my_releases(pseudonym);
    if (!own) {
        context_.trace.note(std::string("copies: ") + own.error().where);
        return std::nullopt;
    }
    return std::move(*own);
}

Device::Start Device::image(std::size_t number) const {
    Start copy;
    copy.number = number;
    copy.identity = start_.identity.copy();
    copy.epoch_base = start_.epoch_base;
    copy.disk = disk_->image();
    copy.rows = start_.rows;
    copy.unsure = unsure_;
    copy.may_have_moved = may_have_moved_;
    copy.generation = start_.generation;
    copy.verified = start_.verified;
    copy.claim_perhaps = start_.claim_perhaps;
    copy.signed_ms = start_.signed_ms;
    return copy;
}

void Device::limit_disk(std::uint64_t bytes_more) {
    std::uint64_t used = 0;
    for (const auto& [path, bytes] : disk_->image()) used += bytes.size();
    disk_->set_capacity(used + bytes_more);
}

std::string Device::enrolment(const std::string& code) {
    seal::JwsHeader header;
    header.typ = seal::typ_enrolment;
    header.jwk = start_.identity.key.point;
    const std::string payload = model::JsonWriter()
                                    .text("terminal", base::to_text(start_.identity.terminal))
                                    .text("site", "Musterstadt")
                                    .text("code", code)
                                    .done();
    seal::PairSigner signer(start_.identity.key, random_);
    auto jws = seal::sign_compact(header, base::as_bytes(payload), signer);
    CHECK(jws.has_value());
    return std::move(*jws);
}

}  // namespace sim
