// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/card_worker.hpp"

#include <algorithm>
#include <chrono>

#include "drivers/base/handle.hpp"
#include "drivers/base/log.hpp"
#include "drivers/eid/authenticate.hpp"
#include "drivers/eid/pin_management.hpp"
#include "drivers/pcsc/connection.hpp"

namespace runtime {
namespace {

using base::Errc;
using std::chrono::sys_days;

// How often an idle card thread looks whether the PIN can be used here. A job or a stop ends the
// wait at once. With something amiss it looks sooner and then less and less often: after a start,
// syncd needs a moment; without a network nothing changes for weeks.
constexpr std::chrono::milliseconds look_again{300'000};
constexpr std::chrono::milliseconds look_again_soon{2'000};

/// Tries left after a refused PIN, from 63Cx.
std::optional<std::uint8_t> tries_of(const base::Error& error) {
    if ((error.detail & 0xFFF0U) != 0x63C0U) return std::nullopt;
    return static_cast<std::uint8_t>(error.detail & 0x0FU);
}

core::PersonalText text_of(const eid::GroupValues& groups, eid::DataGroup group) {
    const auto found = groups.find(group);
    if (found == groups.end()) return {};
    const auto* text = std::get_if<eid::Text>(&found->second);
    return text == nullptr ? core::PersonalText{} : core::PersonalText(text->value);
}

core::PersonalText birth_date_of(const eid::GroupValues& groups) {
    const auto found = groups.find(eid::DataGroup::date_of_birth);
    if (found == groups.end()) return {};
    const auto* date = std::get_if<eid::PartialDate>(&found->second);
    return date == nullptr ? core::PersonalText{} : core::PersonalText(date->text());
}

core::Identified identified(const eid::AuthenticateResult& result,
                            std::uint32_t certificate_age_h) {
    core::Identified who;
    who.person.family_name = text_of(result.groups, eid::DataGroup::family_names);
    who.person.given_names = text_of(result.groups, eid::DataGroup::given_names);
    who.person.birth_date = birth_date_of(result.groups);
    who.subject = core::PersonalText(base::as_text(result.pseudonym->get()));
    who.assurance = {model::Method::eid_pin, model::Level::hoch, certificate_age_h};
    who.document_expired = result.auxiliary.still_valid == false;
    return who;
}

}  // namespace

/// Passes progress on.
class CardWorker::Progress final : public eid::AuthenticateObserver {
  public:
    Progress(Mailbox& mailbox, core::Ticket ticket) : mailbox_(mailbox), ticket_(ticket) {}
    // The core has counted before the run began: it spends the PIN it hands over (house rule 22).
    void before_try(eid::PinState) override {}
    void on_step(eid::Step step) override {
        mailbox_.post(core::EidProgress{ticket_, static_cast<std::uint8_t>(step),
                                        static_cast<std::uint8_t>(eid::steps_count)});
    }
    void on_apdu_count(unsigned) override {}  // the driver logs it

  private:
    Mailbox& mailbox_;
    core::Ticket ticket_;
};

CardWorker::CardWorker(CardSettings settings, std::optional<BlockListRule> block_list, Ports ports)
    : settings_(std::move(settings)),
      ports_(ports),
      readiness_(ports.authenticator, std::move(block_list)),
      thread_([this](const std::stop_token& stop) { work(stop); }),
      monitor_([this](const pcsc::Event& event) { hear(event); }) {}

CardWorker::~CardWorker() {
    cancel();
}

void CardWorker::set_today(eid::Date today) {
    {
        const std::lock_guard lock(mutex_);
        if (today_ == today) return;
        today_ = today;
    }
    // A full queue means that the thread looks anyway, before the next run.
    (void)jobs_.push(LookAround{});
}

std::optional<eid::Date> CardWorker::today() {
    const std::lock_guard lock(mutex_);
    return today_;
}

void CardWorker::renew(CardRenewal renewal) {
    const std::lock_guard lock(mutex_);
    renewal_ = std::move(renewal);
    (void)jobs_.push(LookAround{});  // full: the thread looks anyway, before the next run
}

void CardWorker::take_over_renewal() {
    std::optional<CardRenewal> renewal;
    {
        const std::lock_guard lock(mutex_);
        renewal.swap(renewal_);
    }
    if (!renewal) return;
    settings_.trusted_csca = std::move(renewal->trusted_csca);
    readiness_.renew(std::move(renewal->block_list));
    if (!ports_.renew_certificates) return;
    // After an error the old certificates go on, and their dates say how long.
    if (const auto renewed = ports_.renew_certificates(renewal->certificates); !renewed)
        base::log_error(renewed.error());
}

void CardWorker::look_around() {
    take_over_renewal();
    const auto today = this->today();
    if (!today) return;
    readiness_.refresh();
    const PinObstacle obstacle = readiness_.obstacle(*today);
    if (obstacle == obstacle_) return;
    const bool usable = obstacle == PinObstacle::none;
    const bool was_usable = obstacle_ == PinObstacle::none;
    obstacle_ = obstacle;
    base::log(base::LogEvent::pin_mode, {{"obstacle", name(obstacle)}});
    if (usable != was_usable) ports_.mailbox.post(core::CertificateChanged{usable});
}

void CardWorker::cancel() {
    // What waits belongs to a person who has left: their PIN must not run after them.
    bool looks = false;
    while (const auto job = jobs_.try_pop())
        looks = looks || std::holds_alternative<LookAround>(*job);
    if (looks) (void)jobs_.push(LookAround{});  // was just emptied, or the thread looks anyway
    const std::lock_guard lock(mutex_);
    run_stop_.request_stop();
}

std::stop_token CardWorker::stop_of_run() {
    const std::lock_guard lock(mutex_);
    return run_stop_.get_token();
}

std::optional<CardWorker::Place> CardWorker::card_place() {
    const std::lock_guard lock(mutex_);
    return card_;
}

base::Result<CardWorker::Place> CardWorker::asked_place(const char* where) {
    const auto place = card_place();
    if (!place) return base::fail(Errc::card_removed, where);
    if (asked_ && *asked_ != *place) return base::fail(Errc::card_exchanged, where);
    return *place;
}

void CardWorker::hear(const pcsc::Event& event) {
    using pcsc::EventKind;
    bool inserted = false;
    bool removed = false;
    {
        const std::lock_guard lock(mutex_);
        const bool ours = card_ && card_->reader == event.reader;
        switch (event.kind) {
            case EventKind::reader_added:
                readers_.push_back(event.reader);
                break;
            case EventKind::reader_removed:
                std::erase(readers_, event.reader);
                removed = ours;
                break;
            case EventKind::card_inserted:
            case EventKind::card_mute:
                // One card at a time: a second one in another reader is not looked at.
                if (card_ && !ours) return;
                inserted = true;
                card_ = Place{event.reader, event.insertion};
                break;
            case EventKind::card_removed:
                removed = ours;
                break;
            case EventKind::service_gone:
                removed = card_.has_value();
                readers_.clear();
                trouble_ = event.error == Errc::reader_access_denied ? core::Reader::denied
                                                                     : core::Reader::service_gone;
                break;
            case EventKind::service_back:
                trouble_.reset();
                break;
        }
        if (removed) card_.reset();
    }
    if (removed) ports_.mailbox.post(core::CardRemoved{});
    if (inserted) ports_.mailbox.post(core::CardInserted{});
    const bool about_card = event.kind == EventKind::card_inserted ||
                            event.kind == EventKind::card_mute ||
                            event.kind == EventKind::card_removed;
    if (!about_card) post_reader_state();
}

void CardWorker::post_reader_state() {
    core::Reader reader = core::Reader::ready;
    {
        const std::lock_guard lock(mutex_);
        if (readers_.empty()) reader = core::Reader::missing;
        if (trouble_) reader = *trouble_;
    }
    ports_.mailbox.post(core::ReaderChanged{reader});
}

void CardWorker::enqueue(Job job) {
    // NOLINTNEXTLINE(bugprone-use-after-move): a full queue leaves it untouched.
    if (!jobs_.push(std::move(job))) refuse(job, Errc::card_busy);
}

/// Answers a question that is not asked of the card, in its own kind.
void CardWorker::refuse(const Job& job, Errc errc) {
    auto& mailbox = ports_.mailbox;
    std::visit(base::Overloaded{
                   [&](const LookAround&) {},  // nobody waits for it
                   [&](const core::ProbePin& q) {
                       mailbox.post(core::ProbeFailed{q.ticket, errc});
                   },
                   [&](const core::RunEid& q) {
                       mailbox.post(core::EidFailed{q.ticket, errc, {}});
                   },
                   [&](const core::RunEidWithCan& q) {
                       mailbox.post(core::EidFailed{q.ticket, errc, {}});
                   },
                   [&](const core::ChangePin& q) {
                       mailbox.post(core::PinCareFailed{q.ticket, errc, {}});
                   },
                   [&](const core::UnblockPin& q) {
                       mailbox.post(core::PinCareFailed{q.ticket, errc, {}});
                   },
               },
               job);
}

void CardWorker::probe(core::ProbePin question) {
    enqueue(question);
}
void CardWorker::run(core::RunEid question) {
    enqueue(std::move(question));
}
void CardWorker::run(core::RunEidWithCan question) {
    enqueue(std::move(question));
}
void CardWorker::care(core::ChangePin question) {
    enqueue(std::move(question));
}
void CardWorker::care(core::UnblockPin question) {
    enqueue(std::move(question));
}

void CardWorker::work(const std::stop_token& stop) {
    std::chrono::milliseconds wait = look_again_soon;
    while (!stop.stop_requested()) {
        auto job = jobs_.pop(stop, wait);
        if (stop.stop_requested()) return;
        if (!job) {
            look_around();
            const bool calm = obstacle_ == PinObstacle::none;
            wait = calm ? look_again : std::min(2 * wait, look_again);
            continue;
        }
        wait = look_again_soon;
        {
            const std::lock_guard lock(mutex_);
            run_stop_ = std::stop_source();
        }
        std::visit([this](auto&& q) { perform(std::forward<decltype(q)>(q)); }, std::move(*job));
    }
}

void CardWorker::perform(core::ProbePin question) {
    const auto answer = [&]() -> base::Result<eid::PinState> {
        const auto place = card_place();
        if (!place) return base::fail(Errc::card_removed, "probe");
        TRY(card, pcsc::Connection::open(place->reader, place->insertion));
        asked_ = place;
        return eid::read_pin_state({*card, random_, nullptr, {}});
    }();
    pin_state_.reset();
    if (!answer) {
        base::log_error(answer.error());
        ports_.mailbox.post(core::ProbeFailed{question.ticket, answer.error().code});
    } else if (*answer == eid::PinState::deactivated) {
        ports_.mailbox.post(core::ProbeFailed{question.ticket, Errc::pin_deactivated});
    } else {
        pin_state_ = *answer;
        ports_.mailbox.post(core::PinKnown{question.ticket, static_cast<std::uint8_t>(*answer)});
    }
}

void CardWorker::perform(core::RunEid question) {
    identify(question.ticket, std::move(question.pin), std::nullopt);
}

void CardWorker::perform(core::RunEidWithCan question) {
    identify(question.ticket, std::move(question.pin), std::move(question.can));
}

void CardWorker::identify(core::Ticket ticket, core::Pin pin, std::optional<core::Can> can) {
    Progress progress(ports_.mailbox, ticket);
    const auto today = this->today();
    const auto result = [&]() -> base::Result<eid::AuthenticateResult> {
        TRY(place, asked_place("identify"));
        if (!today) return base::fail(Errc::busy, "identify before the first tick");
        // A signer that is away is found out before the PIN is used.
        look_around();
        if (const auto& away = readiness_.signer_error()) return tl::unexpected(*away);
        TRY(card, pcsc::Connection::open(place.reader, place.insertion));
        eid::WithPin with{eid::Pin(pin.expose()), std::nullopt};
        if (can) with.can = eid::Can(can->expose());
        pin.wipe();
        if (can) can->wipe();
        eid::AuthenticateRequest request{
            .credentials = std::move(with),
            .groups = {eid::DataGroup::given_names, eid::DataGroup::family_names,
                       eid::DataGroup::date_of_birth},
            .restricted_id = eid::WantRestrictedId::pseudonym,
            .sector_key = settings_.sector_key,
            .auxiliary = {.born_on_or_before = {}, .valid_on = today, .community = {}},
            .trusted_csca = settings_.trusted_csca,
            .today = *today,
            .expected_pin_state = pin_state_,
            .refusals = eid::Refusals::fail,
            .block_list = readiness_.block_list_check()};
        return eid::authenticate(std::move(request), {*card, ports_.authenticator, ports_.clock,
                                                      random_, &progress, stop_of_run()});
    }();
    if (!result) {
        remember(result.error());
        ports_.mailbox.post(core::EidFailed{ticket, result.error().code, tries_of(result.error())});
        return;
    }
    pin_state_.reset();
    ports_.mailbox.post(
        core::EidDone{ticket, identified(*result, readiness_.certificate_age_h(*today))});
}

/// What the card says of its tries after a refusal; a wrong CAN or PUK leaves them as they were.
void CardWorker::remember(const base::Error& error) {
    if (error.code == Errc::can_wrong || error.code == Errc::puk_wrong) return;
    pin_state_.reset();
    const auto tries = tries_of(error);
    if (tries && *tries <= 3) pin_state_ = static_cast<eid::PinState>(*tries);
}

void CardWorker::perform(core::ChangePin question) {
    tell_care(question.ticket, change(question));
}

void CardWorker::perform(core::UnblockPin question) {
    tell_care(question.ticket, unblock(question));
}

base::Result<void> CardWorker::change(core::ChangePin& question) {
    TRY(place, asked_place("change pin"));
    TRY(card, pcsc::Connection::open(place.reader, place.insertion));
    eid::PinChange change{eid::Pin(question.old_pin.expose()), eid::Pin(question.new_pin.expose()),
                          std::nullopt, pin_state_};
    if (question.can) change.can = eid::Can(question.can->expose());
    question.old_pin.wipe();
    question.new_pin.wipe();
    question.can.reset();
    // The core has counted before: it spent what it handed over (house rule 22).
    return eid::change_pin(std::move(change), {*card, random_, nullptr, stop_of_run()});
}

base::Result<void> CardWorker::unblock(core::UnblockPin& question) {
    TRY(place, asked_place("unblock pin"));
    TRY(card, pcsc::Connection::open(place.reader, place.insertion));
    eid::PinUnblock unblock{eid::Puk(question.puk.expose()), std::nullopt};
    question.puk.wipe();
    return eid::unblock_pin(std::move(unblock), {*card, random_, nullptr, stop_of_run()});
}

void CardWorker::tell_care(core::Ticket ticket, const base::Result<void>& result) {
    const Errc errc = result ? Errc{} : result.error().code;
    base::log(base::LogEvent::pin_care_finished, {{"errc", static_cast<std::int64_t>(errc)}});
    if (!result) {
        remember(result.error());
        ports_.mailbox.post(core::PinCareFailed{ticket, errc, tries_of(result.error())});
        return;
    }
    pin_state_.reset();
    ports_.mailbox.post(core::PinCareDone{ticket});
}

}  // namespace runtime
