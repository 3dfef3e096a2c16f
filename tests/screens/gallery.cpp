// SPDX-License-Identifier: EUPL-1.2
#include "tests/screens/gallery.hpp"

#include <array>

#include "drivers/base/check.hpp"
#include "drivers/base/errc.hpp"
#include "tests/screens/walker.hpp"

namespace gallery {
namespace {

using walker::Walker;

class Camera {
  public:
    explicit Camera(std::string language)
        : world_(walker::make_world()),
          reader_world_(walker::make_world()),
          language_(std::move(language)) {
        reader_world_.setup.slip_reader = core::Availability::yes;
    }

    /// The same at a terminal that has a reader for slips.
    Walker at_reader(const walker::Journey& journey, std::size_t count) {
        Walker walker(reader_world_);
        walker.language = language_;
        walk(walker, journey, count);
        return walker;
    }

    /// A new person who has walked `count` moves.
    Walker at(const walker::Journey& journey, std::size_t count) {
        Walker walker(world_);
        walker.language = language_;
        walk(walker, journey, count);
        return walker;
    }
    /// ... until a screen of this name.
    Walker until(const walker::Journey& journey, const std::string& name) {
        for (std::size_t count = 0; count <= journey.size(); ++count) {
            Walker walker = at(journey, count);
            if (walker.screen().name == name) return walker;
        }
        CHECK(!"no such screen on this journey");
        return at(journey, 0);
    }
    void take(std::string name, const Walker& walker) {
        shots.push_back({std::move(name), walker.screen()});
    }

    std::vector<Shot> shots;

  private:
    walker::World world_;
    walker::World reader_world_;
    std::string language_;
};

walker::Journey home_only() {
    return {{"language", [](Walker& w) { w.tap("language." + w.language); }}};
}

void take_entry(Camera& camera) {
    Walker start = camera.at({}, 0);
    camera.take("start", start);
    start.online();
    camera.take("start-online", start);
    Walker home = camera.at(home_only(), 1);
    camera.take("home", home);
    for (const auto& [name, tool] :
         {std::pair{"languages", "tool.language"}, {"help", "tool.help"}}) {
        home.tap(tool);
        camera.take(name, home);
        home.tap("back");
    }
    home.tap("home.see");
    camera.take("insight", home);
    home.tap("back");
    home.online();
    camera.take("home-online", home);
    home.send(core::CertificateChanged{false});
    camera.take("home-certificate-old", home);
    home.send(core::ReaderChanged{core::Reader::missing});
    camera.take("home-reader-resting", home);
    Walker idle = camera.until(walker::grant(), "release");
    idle.seconds(45 + 6);
    camera.take("inactivity", idle);
}

void take_reading(Camera& camera) {
    camera.take("list", camera.until(walker::refusal(), "list"));
    Walker release = camera.until(walker::refusal(), "release");
    camera.take("release", release);
    release.read_all();
    release.tap("release.yes");
    camera.take("release-choose-first", release);
    release.tap("release.to.0");
    camera.take("release-chosen", release);
    release.tap("contacts");
    camera.take("contacts", release);
    camera.take("release-both-ways", [&] {
        Walker walker = camera.at(home_only(), 1);
        walker.tap("home.give");
        walker.tap("list.JBA-05");
        return walker;
    }());
    camera.take("duration", camera.until(walker::refusal(), "duration"));
    camera.take("objection", camera.until(walker::objection(), "objection"));
    camera.take("notice", camera.until(walker::notice(), "notice"));
}

void take_card(Camera& camera) {
    camera.take("card", camera.until(walker::refusal(), "card"));
    camera.take("card-ask", camera.until(walker::refusal(), "card-ask"));
    Walker pin = camera.until(walker::refusal(), "pin");
    camera.take("pin-empty", pin);
    pin.digits("123456");
    camera.take("pin-full", pin);
    pin.tap("pin.forgot");
    camera.take("pin-help", pin);
    Walker wrong = camera.until(walker::refusal(), "reading");
    camera.take("reading", wrong);
    wrong.eid_failed(base::Errc::pin_wrong, 2);
    wrong.digits("123");
    camera.take("pin-wrong", wrong);
    Walker can = camera.until(walker::grant_with_wrong_pin_and_can(), "can");
    camera.take("can", can);
    can.tap("can.yes");
    camera.take("can-pad", can);
    can.digits("123123");
    can.tap("pad.next");
    camera.take("pin-last-try", can);
    can.digits("123456");
    can.tap("pad.next");
    can.eid_failed(base::Errc::can_wrong);
    camera.take("can-pad-wrong", can);
    Walker gone = camera.until(walker::refusal(), "review");
    gone.card_out();
    camera.take("card-removed", gone);
}

void take_pin_care(Camera& camera) {
    camera.take("letter-pin", camera.until(walker::own_pin(), "letter-pin"));
    Walker own = camera.at(home_only(), 1);
    own.tap("home.help");
    own.tap("help.pin");
    own.tap("care.own_pin");
    camera.take("care-card", own);
    own.card_in();
    own.digits("12");
    camera.take("old-pin-letter", own);
    Walker change = camera.until(walker::change_pin(), "old-pin");
    camera.take("old-pin", change);
    change.digits("111111");
    change.tap("pad.next");
    camera.take("new-pin", change);
    change.digits("246802");
    change.tap("pad.next");
    camera.take("new-pin-again", change);
    change.digits("246820");
    change.tap("pad.next");
    camera.take("new-pin-differed", change);
    change.digits("123456");
    change.tap("pad.next");
    camera.take("new-pin-easy", change);
    change.digits("123456");
    change.tap("pad.next");
    camera.take("card-writing", change);
    Walker can = camera.until(walker::change_pin_with_can(), "can");
    camera.take("care-can", can);
    can.tap("can.yes");
    camera.take("care-can-pad", can);
    Walker taken = camera.until(walker::change_pin(), "new-pin");
    taken.card_out();
    camera.take("card-removed-care", taken);
    Walker gone = camera.until(walker::change_pin(), "card-writing");
    gone.card_out();
    camera.take("card-removed-unsure", gone);
    Walker lost = camera.until(walker::change_pin(), "card-writing");
    lost.pin_care_failed(base::Errc::card_reset);
    camera.take("failed-pin-unsure", lost);
    change.pin_care_failed(base::Errc::pin_wrong, 2);
    camera.take("old-pin-wrong", change);
    camera.take("pin-done", camera.until(walker::change_pin(), "pin-done"));
    camera.take("pin-done-next", camera.until(walker::own_pin(), "pin-done"));
}

void take_puk(Camera& camera) {
    Walker blocked = camera.until(walker::unblock(), "puk");
    camera.take("puk", blocked);
    blocked.tap("puk.yes");
    blocked.digits("1234");
    camera.take("puk-pad", blocked);
    blocked.digits("567890");
    blocked.tap("pad.next");
    camera.take("card-writing-unblock", blocked);
    blocked.pin_care_failed(base::Errc::puk_wrong);
    camera.take("puk-pad-wrong", blocked);
    camera.take("pin-done-unblocked", camera.until(walker::unblock(), "pin-done"));
}

void take_deciding(Camera& camera) {
    Walker review = camera.until(walker::refusal(), "review");
    camera.take("review", review);
    review.tap("review.name");
    camera.take("review-name-shown", review);
    camera.take("saving", camera.until(walker::grant(), "saving"));
    Walker done = camera.until(walker::grant(), "done");
    camera.take("done", done);
    done.tap("done.print");
    camera.take("done-printing", done);
    done.send(core::SlipPrinted{done.ticket});
    camera.take("done-printed", done);
    Walker paper = camera.at(walker::grant(), walker::grant().size());
    paper.send(core::SlipFailed{paper.ticket, base::Errc::device_failed});
    camera.take("done-no-paper", paper);
    Walker unsigned_slip = camera.until(walker::grant(), "saving");
    unsigned_slip.send(core::Journaled{unsigned_slip.ticket, {}});
    camera.take("done-no-slip", unsigned_slip);
    camera.take("done-objection", camera.until(walker::objection(), "done"));
    camera.take("done-withdrawn", camera.until(walker::take_back(), "done"));
    camera.take("declined", camera.until(walker::refusal(), "declined"));
    Walker known = camera.until(walker::take_everything_back(), "done");
    known.tap("done.home");
    camera.take("home-known", known);
    known.tap("home.give");
    camera.take("list-known", known);
}

void take_insight(Camera& camera) {
    Walker front = camera.until(walker::see(), "insight");
    camera.take("insight-online", front);
    Walker known = camera.until(walker::see(), "reading");
    known.answers_insight = false;
    known.identified();
    camera.take("insight-asking", known);
    for (const auto& [name, errc] : {std::pair{"insight-no-answer", base::Errc::network_timeout},
                                     {"insight-no-line", base::Errc::network_unreachable},
                                     {"insight-busy", base::Errc::busy},
                                     {"insight-unverified", base::Errc::receipt_bad}}) {
        known.send(core::InsightFailed{known.ticket, errc});
        camera.take(name, known);
    }
    core::Known nothing;
    nothing.as_of = known.known.as_of;
    nothing.sources = known.known.sources;
    known.send(core::InsightKnown{known.ticket, nothing});
    camera.take("insight-nothing", known);
    Walker all = camera.until(walker::see(), "reading");
    all.known.next = 50;
    all.identified();
    camera.take("insight-known", all);
    all.tap("wrong.1");
    camera.take("insight-contacts", all);
    Walker mine = camera.until(walker::take_back_elsewhere(), "reading");
    mine.answers_insight = false;
    mine.identified();
    mine.seconds(walker::make_world().setup.insight_hold_s);
    camera.take("my-releases-asking", mine);
    mine.send(core::InsightKnown{mine.ticket, mine.known});
    camera.take("my-releases-everywhere", mine);
    mine.tap("mine.3");
    camera.take("take-back-elsewhere", mine);
}

void take_forget(Camera& camera) {
    camera.take("forget-copy-ended", camera.until(walker::forget_copy(), "forget-copy"));
    Walker living = camera.until(walker::take_back(), "take-back");
    living.tap("take_back.forget");
    camera.take("forget-copy", living);
    living.answers_releases = false;
    living.tap("forget.yes");
    camera.take("forget-copy-running", living);
    living.send(core::CopyDeleted{living.ticket, base::Errc::journal_io});
    camera.take("forget-copy-failed", living);
}

void take_request(Camera& camera) {
    Walker ask = camera.until(walker::ask_access(), "ask-access");
    camera.take("ask-access", ask);
    for (const char* id : {"request.to.0", "request.to.1", "request.to.2", "request.yes"})
        ask.tap(id);
    camera.take("ask-access-choose", ask);
    camera.take("done-demanded", camera.until(walker::ask_access(), "done"));
    Walker mine = camera.until(walker::refusal(), "reading");
    core::Release demand = mine.releases.front();
    demand.entry = "DSGVO-15";
    demand.act = core::ActType::notice;
    demand.until.reset();
    demand.sources.clear();
    demand.deliveries.front().stage = core::Delivery::Stage::not_usable;
    demand.deliveries.back().stage = core::Delivery::Stage::applied;
    mine.releases.insert(mine.releases.begin(), demand);
    mine.identified();
    mine.tap("review.no");
    mine.tap("done.status");
    camera.take("my-releases-demanded", mine);
}

/// In the order of core::slip_troubles.
constexpr std::array slip_names{"slip-damaged",       "slip-foreign",    "slip-half",
                                "slip-forged",        "slip-taken-back", "slip-invitation",
                                "slip-letter-forged", "slip-letter-over"};
static_assert(slip_names.size() == core::slip_troubles.size());

void take_slips(Camera& camera) {
    camera.take("start-reader", camera.at_reader({}, 0));
    Walker card = camera.at_reader(home_only(), 1);
    card.tap("home.take_back");
    camera.take("card-reader", card);
    camera.take("slip-ask", camera.until(walker::take_back_by_slip(), "slip-ask"));
    Walker elsewhere = camera.at(home_only(), 1);
    core::TakeBackSlip slip = walker::some_take_back();
    slip.signed_here = false;
    elsewhere.hold(slip);
    camera.take("slip-ask-elsewhere", elsewhere);
    elsewhere.tap("slip_ask.yes");
    elsewhere.journaled();
    camera.take("done-slip-elsewhere", elsewhere);
    Walker letter = camera.at(home_only(), 1);
    letter.hold(core::Invitation{"musterstadt-agentur", "JBA-03", "code"});
    camera.take("release-invited", letter);
    for (std::size_t i = 0; i < slip_names.size(); ++i) {
        Walker refused = camera.at(home_only(), 1);
        refused.hold(core::slip_troubles[i]);
        camera.take(slip_names[i], refused);
    }
}

void take_mine(Camera& camera) {
    camera.take("my-releases", camera.until(walker::refusal(), "my-releases"));
    camera.take("my-releases-take-back", camera.until(walker::take_back(), "my-releases"));
    camera.take("take-back", camera.until(walker::take_back(), "take-back"));
    camera.take("take-back-all", camera.until(walker::take_everything_back(), "take-back"));
    Walker none = camera.until(walker::take_back(), "reading");
    none.releases.clear();
    none.identified();
    camera.take("my-releases-none", none);
    Walker broken = camera.until(walker::take_back(), "reading");
    broken.answers_releases = false;
    broken.identified();
    camera.take("my-releases-loading", broken);
    broken.send(core::ReleasesFailed{broken.ticket, base::Errc::open_failed});
    camera.take("my-releases-failed", broken);
    Walker disk = camera.until(walker::grant(), "saving");
    disk.send(core::JournalFailed{disk.ticket, base::Errc::journal_full});
    camera.take("not-recorded", disk);
    Walker slow = camera.until(walker::grant(), "saving");
    slow.seconds(walker::make_world().setup.saving_s_max);
    camera.take("not-known", slow);
    Walker called = camera.until(walker::take_back(), "reading");
    called.eid_failed(base::Errc::pin_blocked, 0);
    called.tap("failed.staff");
    camera.take("staff-called", called);
}

}  // namespace

std::vector<Shot> places(const std::string& language) {
    Camera camera(language);
    take_entry(camera);
    take_reading(camera);
    take_card(camera);
    take_pin_care(camera);
    take_puk(camera);
    take_deciding(camera);
    take_mine(camera);
    take_insight(camera);
    take_request(camera);
    take_forget(camera);
    take_slips(camera);
    return std::move(camera.shots);
}

std::vector<Shot> failures(const std::string& language) {
    const walker::World world = walker::make_world();
    std::vector<Shot> shots;
    for (const base::Errc errc : base::all_errc()) {
        core::State state = core::initial(world.setup);
        state.common.display.language = language;
        state.place = core::Failed{errc, core::Task{}, {}, false};
        shots.push_back({"failed-" + std::string(base::name(errc)),
                         view::make_screen(world.site, world.setup, state)});
    }
    return shots;
}

view::Screen shown(view::Screen screen, std::uint16_t text_percent, view::Contrast contrast) {
    screen.display.text_percent = text_percent;
    screen.display.contrast = contrast;
    return screen;
}

}  // namespace gallery
