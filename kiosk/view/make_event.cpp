// SPDX-License-Identifier: EUPL-1.2
// Widget id -> event. An id means the same on every screen, so one table serves all; ids with a
// number or a name at the end are read here and nowhere else.
#include <array>
#include <charconv>
#include <string_view>

#include "kiosk/view/make_screen.hpp"

namespace view {
namespace {

std::optional<std::size_t> number_after(std::string_view id, std::string_view prefix) {
    if (!id.starts_with(prefix)) return {};
    id.remove_prefix(prefix.size());
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value);
    if (error != std::errc{} || end != id.data() + id.size()) return {};
    return value;
}

bool is_one_of(std::string_view id, std::initializer_list<std::string_view> ids) {
    for (const std::string_view candidate : ids) {
        if (candidate == id) return true;
    }
    return false;
}

std::optional<core::Event> tool(std::string_view id) {
    if (id == "tool.language") return core::OpenLanguages{};
    if (id == "tool.bigger") return core::BiggerText{};
    if (id == "tool.contrast") return core::NextContrast{};
    if (id == "tool.speech" || id == "start.listen") return core::ToggleSpeech{};
    if (id == "tool.help") return core::OpenHelp{};
    if (id == "tool.leave" || id == "idle.leave") return core::Leave{};
    if (id == "help.low_reach") return core::ToggleLowReach{};
    if (id == "staff") return core::StaffWanted{};
    if (id == "contacts") return core::OpenContacts{};
    if (const auto access = number_after(id, "wrong.")) return core::OpenContacts{*access};
    if (id == "pin.forgot" || id == "help.pin") return core::OpenPinHelp{};
    if (id == "care.own_pin") return core::OpenPinCare{core::Care::own_pin};
    if (id == "care.change_pin") return core::OpenPinCare{core::Care::change_pin};
    if (id == "care.unblock") return core::OpenPinCare{core::Care::unblock};
    if (id == "idle.more") return core::Touched{};
    if (id.starts_with("language.")) return core::SetLanguage{std::string(id.substr(9))};
    return {};
}

std::optional<core::Event> home(std::string_view id) {
    using core::HomeChoice;
    static constexpr std::array<std::pair<std::string_view, HomeChoice>, 5> tiles{{
        {"home.see", HomeChoice::see},
        {"home.give", HomeChoice::give},
        {"home.take_back", HomeChoice::take_back},
        {"home.status", HomeChoice::status},
        {"home.help", HomeChoice::help},
    }};
    for (const auto& [name, choice] : tiles) {
        if (name == id) return core::Pick{static_cast<std::size_t>(choice)};
    }
    return {};
}

std::optional<core::Event> listed(const core::Setup& setup, std::string_view id) {
    if (const auto index = number_after(id, "release.to.")) return core::Toggle{*index};
    if (const auto index = number_after(id, "mine.forget.")) return core::Toggle{*index};
    if (const auto index = number_after(id, "request.to.")) return core::Toggle{*index};
    if (id == "insight.request") return core::Pick{};
    if (const auto index = number_after(id, "duration.")) return core::Pick{*index};
    if (const auto index = number_after(id, "mine.")) return core::Pick{*index};
    if (!id.starts_with("list.")) return {};
    for (std::size_t i = 0; i < setup.offers.size(); ++i) {
        if (setup.entry(i).id == id.substr(5)) return core::Pick{i};
    }
    return {};
}

std::optional<core::Event> decision(std::string_view id) {
    if (is_one_of(id, {"release.yes",   "again.yes",      "duration.next", "ask.next",
                       "pad.next",      "can.yes",        "review.yes",    "done.print",
                       "take_back.yes", "forget.yes",     "gone.more",     "request.yes",
                       "failed.again",  "failed.staff",   "insight.look",  "insight.again",
                       "insight.older", "letter_pin.yes", "puk.yes",       "pin_done.go_on",
                       "slip_ask.yes",  "slip_refused.go"})) {
        return core::Yes{};
    }
    if (is_one_of(id, {"release.no", "again.no", "can.no", "review.no", "done.no_receipt",
                       "done.finish", "take_back.no", "forget.no", "gone.delete", "request.no",
                       "letter_pin.no", "puk.no", "slip_ask.no"})) {
        return core::No{};
    }
    if (is_one_of(id, {"back", "done.home", "failed.home"})) return core::Back{};
    if (is_one_of(id, {"done.status", "mine.all", "take_back.forget", "failed.aside",
                       "new_pin.other", "insight.mine"}))
        return core::Aside{};
    if (id == "pad.delete") return core::DeleteDigit{};
    if (id == "review.name") return core::Edit{core::Part::name};
    if (id == "review.edit_recipients") return core::Edit{core::Part::recipients};
    if (id == "review.edit_duration") return core::Edit{core::Part::duration};
    return {};
}

core::Event activated(const core::Setup& setup, const core::State& state, std::string_view id) {
    if (auto event = tool(id)) return std::move(*event);
    // A page that lies over another knows only its way back.
    if (state.overlay)
        return id == "back" ? core::Event(core::CloseOverlay{}) : core::Event(core::Touched{});
    if (auto event = home(id)) return std::move(*event);
    if (auto event = decision(id)) return std::move(*event);
    if (auto event = listed(setup, id)) return std::move(*event);
    if (const auto digit = number_after(id, "pad."); digit && *digit <= 9) {
        return core::Digit{static_cast<std::uint8_t>(*digit)};
    }
    return core::Touched{};
}

}  // namespace

core::Event make_event(const core::Setup& setup, const core::State& state, const Intent& intent) {
    if (const auto* activate = std::get_if<Activate>(&intent))
        return activated(setup, state, activate->id);
    if (std::holds_alternative<EndOfPages>(intent)) return core::AllSeen{};
    if (state.overlay) return core::Touched{};
    if (const auto* digit = std::get_if<Digit>(&intent); digit != nullptr && digit->value <= 9) {
        return core::Digit{digit->value};
    }
    if (std::holds_alternative<DeleteDigit>(intent)) return core::DeleteDigit{};
    return core::Touched{};
}

}  // namespace view
