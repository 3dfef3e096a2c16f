// SPDX-License-Identifier: EUPL-1.2
// The ways through the kiosk, one move a line.
#include "tests/screens/walker.hpp"

namespace walker {
namespace {

Move tap(const std::string& id) {
    return {"tap " + id, [id](Walker& w) { w.tap(id); }};
}
Move language() {
    return {"language", [](Walker& w) { w.tap("language." + w.language); }};
}
Move read_all() {
    return {"read all", [](Walker& w) { w.read_all(); }};
}
Move card_in(std::uint8_t tries_left = 3) {
    return {"card in", [tries_left](Walker& w) { w.card_in(tries_left); }};
}
Move digits(const char* typed) {
    return {"digits", [typed](Walker& w) { w.digits(typed); }};
}
Move identified() {
    return {"identified", [](Walker& w) { w.identified(); }};
}
Move journaled() {
    return {"journaled", [](Walker& w) { w.journaled(); }};
}
Move wrong(base::Errc errc, std::optional<std::uint8_t> tries_left) {
    return {"eid failed", [errc, tries_left](Walker& w) { w.eid_failed(errc, tries_left); }};
}

Move probed(std::uint8_t tries_left) {
    return {"probed", [tries_left](Walker& w) { w.probed(tries_left); }};
}
Move pin_cared() {
    return {"pin cared", [](Walker& w) { w.pin_cared(); }};
}
Move care_failed(base::Errc errc, std::optional<std::uint8_t> tries_left = {}) {
    return {"care failed", [errc, tries_left](Walker& w) { w.pin_care_failed(errc, tries_left); }};
}

void append(Journey& journey, const Journey& more) {
    journey.insert(journey.end(), more.begin(), more.end());
}

Journey with_card() {
    return {card_in(), tap("ask.next"), digits("123456"), tap("pad.next"), identified()};
}

Journey until_card() {
    return {language(),         tap("home.give"),  tap("list.JBA-02"),  read_all(),
            tap("release.yes"), tap("duration.0"), tap("duration.next")};
}

}  // namespace

Journey grant() {
    Journey journey = until_card();
    append(journey, with_card());
    append(journey,
           {tap("review.name"), read_all(), tap("review.yes"), journaled(), tap("done.print")});
    return journey;
}

Journey grant_with_wrong_pin_and_can() {
    Journey journey = until_card();
    append(journey, {card_in(),
                     tap("ask.next"),
                     digits("111111"),
                     tap("pad.next"),
                     wrong(base::Errc::pin_wrong, 2),
                     digits("222222"),
                     tap("pad.next"),
                     wrong(base::Errc::pin_wrong, 1),
                     tap("can.yes"),
                     digits("999999"),
                     tap("pad.next"),
                     digits("123456"),
                     tap("pad.next"),
                     wrong(base::Errc::can_wrong, {}),
                     digits("123123"),
                     tap("pad.next"),
                     digits("123456"),
                     tap("pad.next"),
                     identified(),
                     read_all(),
                     tap("review.yes"),
                     journaled()});
    return journey;
}

Journey take_back() {
    Journey journey{language(), tap("home.take_back")};
    append(journey, with_card());
    append(journey, {tap("mine.0"), tap("take_back.yes"), journaled()});
    return journey;
}

Journey take_everything_back() {
    Journey journey{language(), tap("home.take_back")};
    append(journey, with_card());
    append(journey, {tap("mine.all"), tap("take_back.yes"), journaled(), tap("done.home")});
    return journey;
}

Journey take_back_by_slip() {
    return {language(),
            {"hold", [](Walker& w) { w.hold(some_take_back()); }},
            tap("slip_ask.yes"),
            journaled()};
}

Journey see() {
    Journey journey{language(),
                    {"online", [](Walker& w) { w.online(); }},
                    tap("home.see"),
                    tap("insight.look")};
    append(journey, with_card());
    append(journey, {tap("insight.mine")});
    return journey;
}

Journey ask_access() {
    Journey journey = see();
    journey.pop_back();
    append(journey, {tap("insight.request"), tap("request.to.0"), tap("request.yes"), journaled()});
    return journey;
}

Journey forget_copy() {
    Journey journey{language(), tap("home.status")};
    append(journey, with_card());
    append(journey, {tap("mine.forget.2"), tap("forget.yes")});
    return journey;
}

Journey take_back_elsewhere() {
    Journey journey{language(), {"online", [](Walker& w) { w.online(); }}, tap("home.take_back")};
    append(journey, with_card());
    append(journey, {tap("mine.3"), tap("take_back.yes"), journaled()});
    return journey;
}

Journey objection() {
    Journey journey{language(), tap("home.give"), tap("list.JBA-11"), read_all(),
                    tap("release.yes")};
    append(journey, with_card());
    append(journey, {read_all(), tap("review.yes"), journaled()});
    return journey;
}

Journey notice() {
    return {language(),      tap("home.give"), tap("list.IP-01"), read_all(),
            tap("contacts"), tap("back"),      tap("back")};
}

Journey refusal() {
    Journey journey{language(), tap("home.give"),   tap("list.JBA-03"),  tap("release.to.0"),
                    read_all(), tap("release.yes"), tap("duration.next")};
    append(journey, with_card());
    append(journey, {tap("review.no"), tap("done.status")});
    return journey;
}

Journey own_pin() {
    Journey journey = until_card();
    append(journey,
           {card_in(), tap("ask.next"), digits("12345"), tap("pad.next"), tap("letter_pin.yes"),
            digits("246802"), tap("pad.next"), digits("246802"), tap("pad.next"), pin_cared(),
            tap("pin_done.go_on"), probed(3), tap("ask.next"), digits("246802"), tap("pad.next"),
            identified(), read_all(), tap("review.yes"), journaled()});
    return journey;
}

Journey change_pin() {
    return {language(),
            tap("home.help"),
            tap("help.pin"),
            tap("care.change_pin"),
            card_in(),
            digits("111111"),
            tap("pad.next"),
            digits("246802"),
            tap("pad.next"),
            digits("246820"),
            tap("pad.next"),
            digits("123456"),
            tap("pad.next"),
            tap("new_pin.other"),
            digits("246802"),
            tap("pad.next"),
            digits("246802"),
            tap("pad.next"),
            care_failed(base::Errc::pin_wrong, 2),
            digits("123123"),
            tap("pad.next"),
            digits("246802"),
            tap("pad.next"),
            digits("246802"),
            tap("pad.next"),
            pin_cared(),
            tap("done.home")};
}

Journey change_pin_with_can() {
    return {language(),
            tap("home.help"),
            tap("help.pin"),
            tap("care.change_pin"),
            card_in(1),
            tap("can.yes"),
            digits("999999"),
            tap("pad.next"),
            digits("123123"),
            tap("pad.next"),
            digits("246802"),
            tap("pad.next"),
            digits("246802"),
            tap("pad.next"),
            care_failed(base::Errc::can_wrong),
            digits("123123"),
            tap("pad.next"),
            digits("123123"),
            tap("pad.next"),
            digits("246802"),
            tap("pad.next"),
            digits("246802"),
            tap("pad.next"),
            pin_cared(),
            tap("done.finish")};
}

Journey unblock() {
    Journey journey{language(),
                    tap("home.take_back"),
                    card_in(0),
                    tap("care.unblock"),
                    probed(0),
                    tap("puk.yes"),
                    digits("1234567890"),
                    tap("pad.next"),
                    care_failed(base::Errc::puk_wrong),
                    digits("9876543210"),
                    tap("pad.next"),
                    pin_cared(),
                    tap("pin_done.go_on"),
                    probed(3),
                    tap("ask.next"),
                    digits("123456"),
                    tap("pad.next"),
                    identified()};
    append(journey, {tap("mine.0"), tap("take_back.yes"), journaled()});
    return journey;
}

std::vector<Named> all_journeys() {
    return {{"grant", grant()},
            {"grant with wrong PIN and CAN", grant_with_wrong_pin_and_can()},
            {"take back", take_back()},
            {"take everything back", take_everything_back()},
            {"take back by slip", take_back_by_slip()},
            {"see", see()},
            {"ask for access", ask_access()},
            {"forget a copy", forget_copy()},
            {"take back elsewhere", take_back_elsewhere()},
            {"objection", objection()},
            {"notice", notice()},
            {"refusal", refusal()},
            {"own PIN", own_pin()},
            {"change PIN", change_pin()},
            {"change PIN with CAN", change_pin_with_can()},
            {"unblock", unblock()}};
}

}  // namespace walker
