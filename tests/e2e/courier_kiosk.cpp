// SPDX-License-Identifier: EUPL-1.2
// The kiosk's own journal thread without a window and without a card: STATE CONFIG. Reads lines and
// answers each with one, so that a test can let people declare while syncd asks.
//   give RECIPIENT   -> recorded          a consent of one person
//   take-back-all    -> recorded          their withdrawal of everything
//   releases         -> STAGE ...         of each of their releases, newest first, per recipient:
//                                         queued, received, applied, ...; one that was taken back
//                                         has "withdrawn" before its stages
#include <unistd.h>

#include <array>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include "drivers/base/log.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/key_place.hpp"
#include "drivers/os/system_clock.hpp"
#include "kiosk/runtime/mailbox.hpp"
#include "kiosk/runtime/moment.hpp"
#include "kiosk/runtime/terminal_place.hpp"

namespace {

core::Identified person() {
    core::Identified who;
    who.person = {core::PersonalText("Weiß-CANARY"), core::PersonalText("Amira"),
                  core::PersonalText("2006-08-09")};
    who.subject = core::PersonalText(std::string(32, 'p'));
    return who;
}

core::Draft grant(const std::string& recipient, const core::Date& today) {
    core::Draft draft;
    draft.entry = "JBA-03";
    draft.version = "1.0";
    model::Selection selection;
    selection.sources = {model::AuthorityId("musterstadt-jugendamt")};
    selection.recipients = {model::AuthorityId(recipient)};
    selection.categories = {"C07", "C08"};
    selection.from = today;
    selection.to = today + std::chrono::years(1);
    draft.selection = selection;
    draft.shown = {"de", 100, "light", false};
    draft.who = person();
    return draft;
}

const char* word(core::Delivery::Stage stage) {
    constexpr std::array words{"queued", "sent", "received", "applied", "withheld", "not_usable"};
    return words.at(static_cast<std::size_t>(stage));
}

std::string answer_of(const core::PlaceEvent& event) {
    if (std::holds_alternative<core::Journaled>(event)) return "recorded";
    const auto* loaded = std::get_if<core::ReleasesLoaded>(&event);
    if (loaded == nullptr) return "failed";
    std::string text;
    for (const core::Release& release : loaded->releases) {
        if (release.standing == core::Release::Standing::withdrawn) text += "withdrawn ";
        for (const core::Delivery& delivery : release.deliveries)
            text += std::string(word(delivery.stage)) + " ";
    }
    return text;
}

/// Waits for the journal thread; what it says of the line in between is passed over.
std::string wait_for_answer(runtime::Mailbox& mailbox) {
    while (true) {
        const auto event = mailbox.take();
        if (!event) {
            ::usleep(1'000);
        } else if (const auto* place = std::get_if<core::PlaceEvent>(&event->body)) {
            return answer_of(*place);
        }
    }
}

base::Result<void> run(const char* state, const char* config) {
    TRY(files, runtime::read_terminal(state, config));
    TRY(settings, runtime::journal_settings(state, files));
    settings.downstream = runtime::downstream_settings(state, files, {});
    os::SystemClock clock;
    crypto::SystemRandom random;
    const keys::KeyPlace place{std::filesystem::path(state) / "keys", files.kiosk.token};
    TRY(keys, keys::open_key_store(place, random));
    runtime::Mailbox mailbox;
    TRY(journal, runtime::JournalWorker::start(std::move(settings),
                                               {mailbox, *keys, clock, [](std::uint64_t) {}}));
    const runtime::Evidence evidence{"1.0.0", {}, {}};
    core::Ticket ticket{1, 0};
    std::puts("ready");
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string what;
        std::string recipient;
        words >> what >> recipient;
        ++ticket.request;
        if (what == "give") {
            const auto today = runtime::moment_now(clock).date;
            journal->append({ticket, grant(recipient, today)}, evidence);
        } else if (what == "take-back-all") {
            journal->append({ticket, core::make_full_withdrawal(person(), {"de", 100, "light"})},
                            evidence);
        } else {
            journal->load({ticket, person().subject});
        }
        std::printf("%s\n", wait_for_answer(mailbox).c_str());
        std::fflush(stdout);
    }
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const auto done = run(argv[1], argv[2]);
    if (done) return 0;
    base::log_error(done.error());
    return 1;
}
