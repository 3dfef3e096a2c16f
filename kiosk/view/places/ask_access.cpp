// SPDX-License-Identifier: EUPL-1.2
// A formal request for access: to whom, what the law makes them tell, and by when (LR-41).
#include "kiosk/view/makers.hpp"
#include "sync/model/access_request.hpp"

namespace view {
namespace {

ChoiceList whom(const Look& look, const core::AskAccess& at) {
    ChoiceList list{at.must_choose ? "request.choose_first"_t : "request.whom"_t, {}};
    for (std::size_t i = 0; i < at.authorities.size(); ++i) {
        const consent::Authority* authority = look.setup.catalogue.authority(at.authorities[i]);
        if (authority == nullptr) continue;
        Choice choice;
        choice.id = "request.to." + std::to_string(i);
        choice.icon = authority->icon;
        choice.name = table_text(look, authority->full_name);
        choice.subline = german_below(look, authority->full_name);
        for (const std::size_t chosen : at.chosen) choice.chosen = choice.chosen || chosen == i;
        list.choices.push_back(std::move(choice));
    }
    return list;
}

/// Who is asked, once more beside the answer.
std::vector<Text> of_whom(const Look& look, const core::AskAccess& at) {
    std::vector<std::string> chosen;
    for (const std::size_t index : at.chosen) chosen.push_back(at.authorities[index]);
    return row_line("request.of"_t, names(look, chosen));
}

}  // namespace

void fill(Screen& screen, const Look& look, const core::AskAccess& at) {
    screen.name = "ask-access";
    screen.title = "request.title"_t;
    screen.lead = "request.lead"_t;
    if (at.must_choose) screen.focus = "request.to.0";
    screen.blocks.emplace_back(whom(look, at));
    const core::Date last = model::answer_day(look.common.now.date);
    Rows rows;
    rows.rows.push_back({"info", "request.what"_t, {"request.what.line"_t}, {}});
    rows.rows.push_back({"person", "request.sent"_t, {"request.sent.line"_t}, {}});
    rows.rows.push_back({"duration",
                         "request.when"_t,
                         {with("request.when.line"_t, {date_arg("date", last)}), "request.free"_t},
                         {}});
    rows.rows.push_back({"receipt", "request.answer"_t, {"request.answer.line"_t}, {}});
    rows.rows.push_back({"act-notice", "request.law"_t, {"request.law.line"_t}, {}});
    screen.blocks.emplace_back(std::move(rows));
    screen.pair = DecisionPair{{"request.yes", "check", "request.yes"_t, {}},
                               {"request.no", "cross", "request.no"_t, {}}};
    screen.pair->question = "request.title"_t;
    screen.pair->summary =
        lines_of({of_whom(look, at), {"request.what.line"_t, "request.sent.line"_t}});
    screen.back = back_button();
}

}  // namespace view
