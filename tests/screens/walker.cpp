// SPDX-License-Identifier: EUPL-1.2
#include "tests/screens/walker.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/uuid.hpp"

namespace walker {
namespace {

using namespace std::chrono;
constexpr core::Date today{year{2026}, month{5}, day{12}};

consent::Catalogue read_catalogue() {
    std::ifstream in(FREIGABE_SOURCE_DIR "/assets/catalogue/catalogue.json", std::ios::binary);
    const base::Bytes bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    auto catalogue = consent::load(bytes);
    CHECK(catalogue.has_value());
    return std::move(*catalogue);
}

base::Uuid id_of(std::uint8_t number) {
    std::array<std::uint8_t, 10> random{};
    random.fill(number);
    return base::make_uuid7(1'778'572'800'000 + number, random);
}

struct NameOf {
    const char* operator()(const core::ProbePin&) const { return "ProbePin"; }
    const char* operator()(const core::RunEid&) const { return "RunEid"; }
    const char* operator()(const core::RunEidWithCan&) const { return "RunEidWithCan"; }
    const char* operator()(const core::ChangePin&) const { return "ChangePin"; }
    const char* operator()(const core::UnblockPin&) const { return "UnblockPin"; }
    const char* operator()(const core::AppendDeclaration&) const { return "AppendDeclaration"; }
    const char* operator()(const core::LoadReleases&) const { return "LoadReleases"; }
    const char* operator()(const core::DeleteCopy&) const { return "DeleteCopy"; }
    const char* operator()(const core::RequestInsight&) const { return "RequestInsight"; }
    const char* operator()(const core::PrintSlip&) const { return "PrintSlip"; }
    const char* operator()(const core::Speak&) const { return "Speak"; }
    const char* operator()(const core::StopSpeech&) const { return "StopSpeech"; }
    const char* operator()(const core::FlushCaches&) const { return "FlushCaches"; }
    const char* operator()(const core::CallStaff&) const { return "CallStaff"; }
};

/// Collects ids of targets of any block.
struct Targets {
    std::vector<std::string> ids;

    void add(const std::string& id) {
        if (!id.empty()) ids.push_back(id);
    }
    void add(const view::Button& button) {
        if (!button.disabled_because) add(button.id);
    }
    void add(const std::optional<view::Button>& button) {
        if (button) add(*button);
    }
    void operator()(const view::Tile& b) {
        add(b.id);
        add(b.inline_button);
    }
    void operator()(const view::Choice& b) { add(b.id); }
    void operator()(const view::FlowPicture& b) {
        for (const view::Choice& choice : b.recipients) add(choice.id);
    }
    void operator()(const view::ChoiceList& b) {
        for (const view::Choice& choice : b.choices) add(choice.id);
    }
    void operator()(const view::Rows& b) {
        for (const view::Row& row : b.rows) add(row.button);
    }
    void operator()(const view::ReleaseCard& b) { add(b.button); }
    void operator()(const view::LanguageGrid& b) {
        for (const view::Language& language : b.languages) add(language.id);
        for (const view::Button& way : b.ways) add(way);
    }
    void operator()(const view::DigitPad& b) {
        for (int digit = 0; digit <= 9; ++digit) add("pad." + std::to_string(digit));
        if (b.delete_enabled) add("pad.delete");
        if (b.next_enabled) add("pad.next");
    }
    // These hold nothing to touch.
    void operator()(const view::Paragraph&) {}
    void operator()(const view::Label&) {}
    void operator()(const view::Note&) {}
    void operator()(const view::Chips&) {}
    void operator()(const view::Facts&) {}
    void operator()(const view::Track&) {}
    void operator()(const view::QrCard&) {}
    void operator()(const view::DigitBoxes&) {}
    void operator()(const view::Tries&) {}
    void operator()(const view::Picture&) {}
    void operator()(const view::Countdown&) {}
    void operator()(const view::Waiting&) {}
};

}  // namespace

World make_world() {
    World world;
    world.setup.catalogue = read_catalogue();
    world.setup.drafts = consent::Drafts::show;
    world.setup.grants_on_draft = core::Availability::yes;
    world.setup.staff_call = core::Availability::yes;
    world.setup.printer = core::Availability::yes;
    world.setup.offers = core::make_offers(world.setup.catalogue, world.setup.drafts, today);
    world.site.name = "Musterstadt";
    world.site.provider = "Stadt Musterstadt";
    world.site.languages = {{"de", "Deutsch"},
                            {"en", "English"},
                            {"ar", "العربية"},
                            {"de-x-leicht", "Leichte Sprache"}};
    world.site.draft_mark = true;
    return world;
}

core::Identified leyla() {
    core::Identified who;
    who.person.family_name = core::PersonalText("Yılmaz");
    who.person.given_names = core::PersonalText("Leyla");
    who.person.birth_date = core::PersonalText("2007-11-30");
    who.subject = core::PersonalText(std::string(32, 'p'));
    return who;
}

std::vector<core::Release> some_releases() {
    using Stage = core::Delivery::Stage;
    using Standing = core::Release::Standing;
    const core::Date march{year{2026}, month{3}, day{3}};
    const auto release = [&](std::uint8_t number, const char* entry, Standing standing,
                             core::Date given, core::Date until) {
        core::Release r;
        r.declaration = id_of(number);
        r.entry = entry;
        r.version = "1.0";
        r.standing = standing;
        r.given_on = given;
        r.kept_here = true;
        r.until = until;
        return r;
    };
    const core::Date november{year{2026}, month{11}, day{12}};
    core::Release help = release(1, "JBA-03", Standing::given, today, november);
    help.sources = {"musterstadt-jugendamt"};
    help.recipients = {"musterstadt-agentur"};
    help.categories = {"C07", "C08"};
    help.deliveries = {{"musterstadt-jugendamt", Stage::queued, {}},
                       {"musterstadt-agentur", Stage::queued, {}}};
    core::Release school =
        release(2, "JBA-02", Standing::given, march, core::Date{year{2027}, month{3}, day{3}});
    school.sources = {"musterstadt-agentur"};
    school.recipients = {"musterstadt-jugendamt"};
    school.categories = {"C04", "C05", "C06"};
    school.deliveries = {
        {"musterstadt-agentur", Stage::applied, march},
        {"musterstadt-jugendamt", Stage::applied, core::Date{year{2026}, month{3}, day{4}}}};
    core::Release contact = release(3, "JBA-01", Standing::withdrawn, march, november);
    contact.sources = {"musterstadt-jobcenter"};
    contact.recipients = {"musterstadt-agentur", "musterstadt-jugendamt"};
    contact.categories = {"C01", "C02", "C03"};
    contact.deliveries = {{"musterstadt-jobcenter", Stage::applied, today},
                          {"musterstadt-agentur", Stage::received, today},
                          {"musterstadt-jugendamt", Stage::sent, {}}};
    return {help, school, contact};
}

core::Slip some_slip() {
    return {"eyJhbGciOiJFUzI1NiJ9.eyJpZCI6IjAxOWUxIn0.c2lnbmF0dXJlLW9mLXRoZS1jaGVjay1jb2Rl",
            "eyJhbGciOiJFUzI1NiJ9.eyJpZCI6IjAxOWUxIn0.c2lnbmF0dXJlLW9mLXRoZS1jaGVjay1jb2Rl~"
            "c2VjcmV0LW9mLXRoZS1z"};
}

core::TakeBackSlip some_take_back() {
    return {id_of(77), model::Digest{7}, core::Date{year{2026}, month{3}, day{3}}, true, false};
}

Walker::Walker(const World& world) : world_(world), state_(core::initial(world.setup)) {
    now_.boot_ms = 1'000'000;
    now_.date = today;
    now_.minutes = 14 * 60 + 2;
    state_.common.now = now_;
    state_.common.touched_ms = now_.boot_ms;
    core::Moment since = now_;
    since.minutes = 9 * 60 + 40;
    send(core::LinkChanged{false, since});
}

view::Screen Walker::screen() const {
    return view::make_screen(world_.site, world_.setup, state_);
}

void Walker::keep() {
    view::Screen now = screen();
    if (seen.empty() || seen.back() != now) seen.push_back(std::move(now));
}

void Walker::send(core::Event event) {
    core::Outcome out = core::step(world_.setup, std::move(state_), std::move(event));
    state_ = std::move(out.state);
    keep();
    bool load = false;
    bool look = false;
    bool forget = false;
    for (core::Effect& effect : out.effects) {
        effects.emplace_back(std::visit(NameOf{}, effect));
        std::visit(
            [&](auto& e) {
                if constexpr (requires { e.ticket; }) ticket = e.ticket;
            },
            effect);
        if (auto* append = std::get_if<core::AppendDeclaration>(&effect)) {
            appended.push_back(std::move(append->draft));
        }
        if (auto* change = std::get_if<core::ChangePin>(&effect)) changed = std::move(*change);
        if (auto* unblock = std::get_if<core::UnblockPin>(&effect)) unblocked = std::move(*unblock);
        load = load || std::holds_alternative<core::LoadReleases>(effect);
        if (const auto* gone = std::get_if<core::DeleteCopy>(&effect)) {
            std::erase_if(releases, [&](const core::Release& release) {
                return release.declaration == gone->declaration;
            });
            forget = true;
        }
        if (auto* request = std::get_if<core::RequestInsight>(&effect)) {
            look = !request->invitation;
            asked = std::move(*request);
        }
    }
    if (load && answers_releases) send(core::ReleasesLoaded{ticket, releases});
    if (forget && answers_releases) send(core::CopyDeleted{ticket});
    if (look && answers_insight) send(core::InsightKnown{ticket, known});
}

void Walker::tap(const std::string& id) {
    const std::vector<std::string> ids = targets(screen());
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
        std::fprintf(stderr, "no widget %s on screen %s\n", id.c_str(), screen().name.c_str());
        CHECK(!"widget is not on the screen");
    }
    ++taps;
    send(view::make_event(world_.setup, state_, view::Activate{id}));
}

void Walker::read_all() {
    send(view::make_event(world_.setup, state_, view::EndOfPages{}));
}

void Walker::digits(std::string_view typed) {
    for (const char digit : typed) tap(std::string("pad.") + digit);
}

void Walker::seconds(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        now_.boot_ms += 1000;
        send(core::Tick{now_});
    }
}

void Walker::card_in(std::uint8_t tries_left) {
    send(core::CardInserted{});
    if (!effects.empty() && effects.back() == "ProbePin") probed(tries_left);
}

void Walker::probed(std::uint8_t tries_left) {
    send(core::PinKnown{ticket, tries_left});
}

void Walker::online() {
    send(core::LinkChanged{true, now_});
}
void Walker::card_out() {
    send(core::CardRemoved{});
}
void Walker::identified() {
    send(core::EidDone{ticket, who});
}
void Walker::eid_failed(base::Errc errc, std::optional<std::uint8_t> tries_left) {
    send(core::EidFailed{ticket, errc, tries_left});
}
void Walker::pin_cared() {
    send(core::PinCareDone{ticket});
}
void Walker::pin_care_failed(base::Errc errc, std::optional<std::uint8_t> tries_left) {
    send(core::PinCareFailed{ticket, errc, tries_left});
}
void Walker::journaled() {
    // As the journal does: codes are for what was given.
    const bool given = !appended.empty() && appended.back().event == model::Event::given;
    core::Slip slip = given ? some_slip() : core::Slip{};
    if (given && (appended.back().act == core::ActType::notice ||
                  appended.back().act == core::ActType::objection))
        slip.take_back.clear();
    send(core::Journaled{ticket, std::move(slip)});
}

void Walker::hold(core::ShownSlip slip) {
    send(core::SlipHeld{std::move(slip)});
}

std::vector<std::string> targets(const view::Screen& screen) {
    Targets targets;
    for (const view::Block& block : screen.blocks) std::visit(targets, block);
    if (screen.pair) {
        targets.add(screen.pair->yes);
        targets.add(screen.pair->no);
    }
    targets.add(screen.main);
    targets.add(screen.back);
    targets.add(screen.other);
    if (screen.tools) {
        for (const char* tool : {"language", "bigger", "contrast", "speech", "help", "leave"}) {
            targets.add(std::string("tool.") + tool);
        }
    }
    return std::move(targets.ids);
}

void walk(Walker& walker, const Journey& journey, std::size_t count) {
    CHECK(count <= journey.size());
    for (std::size_t i = 0; i < count; ++i) journey[i].act(walker);
}

}  // namespace walker
