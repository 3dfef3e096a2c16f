// SPDX-License-Identifier: EUPL-1.2
// One failure: what happened, what is safe, what to do next, in this order (design.md 6). Texts are
// "errc.<name>.title" and "errc.<name>"; the way that helps comes from errc.def.
#include "kiosk/view/makers.hpp"

namespace view {
namespace {

using base::Errc;

std::optional<Picture> picture_of(Errc code) {
    switch (code) {
        case Errc::card_foreign:
        case Errc::card_mute:
            return Picture{Picture::Kind::wrong_card, "failed.picture.wrong"_t};
        case Errc::reader_missing:
        case Errc::reader_service_gone:
        case Errc::reader_access_denied:
        case Errc::reader_feature_missing:
            return Picture{Picture::Kind::reader_resting, "failed.picture.reader"_t};
        case Errc::card_removed:
        case Errc::card_reset:
        case Errc::card_exchanged:
            return Picture{Picture::Kind::card_on_reader, "card.picture"_t};
        default:
            return {};
    }
}

Text id_text(std::string id) {
    Text text;
    text.id = std::move(id);
    return text;
}

}  // namespace

void fill(Screen& screen, const Look& look, const core::Failed& at) {
    const std::string id = "errc." + std::string(base::name(at.errc));
    screen.name = "failed";
    screen.title = id_text(id + ".title");
    screen.lead = id_text(id);
    if (const auto picture = picture_of(at.errc)) screen.blocks.emplace_back(*picture);
    // Another machine records under our name: the same will be refused again, until a technician
    // was here.
    const bool again = at.draft && at.errc != Errc::identity_cloned;
    Text safe = again ? "failed.not_recorded"_t : "failed.safe"_t;
    if (at.answer_due) safe = "failed.not_known"_t;
    if (at.pin_unsure) safe = "failed.pin_unsure"_t;
    screen.blocks.emplace_back(Note{Tone::accent, "info", {std::move(safe)}});
    if (at.errc == Errc::pin_blocked) {
        screen.blocks.emplace_back(unblock_tile());
        screen.blocks.emplace_back(puk_office());
    }
    if (at.errc == Errc::puk_inoperative)
        screen.blocks.emplace_back(Paragraph{{"pin_help.office"_t}, false, "info"});
    if (at.staff_called) {
        const bool comes = look.setup.staff_call == core::Availability::yes;
        screen.blocks.emplace_back(
            Note{Tone::ok, "staff", {comes ? "staff.called"_t : "staff.desk"_t}});
    }
    screen.back = Button{"failed.home", "back", "done.home"_t, {}};
    screen.other = Button{"failed.aside", "staff", "button.staff"_t, {}};
    if (again) {
        screen.main = at.answer_due ? Button{"failed.again", "duration", "failed.wait_on"_t, {}}
                                    : Button{"failed.again", "check", "failed.record_again"_t, {}};
        return;
    }
    switch (base::recovery(at.errc)) {
        case base::Recovery::retry:
        case base::Recovery::reposition:
            if (at.task) screen.main = Button{"failed.again", "card-in", "failed.again"_t, {}};
            break;
        case base::Recovery::staff:
            screen.other.reset();
            if (!at.staff_called)
                screen.main = Button{"failed.staff", "staff", "button.staff"_t, {}};
            break;
        case base::Recovery::idle:
            break;
    }
}

}  // namespace view
