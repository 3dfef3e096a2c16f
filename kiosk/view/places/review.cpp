// SPDX-License-Identifier: EUPL-1.2
// The whole declaration (f-review; section 36a(2b) SGB I): nothing stands behind a button, two
// pages if need be. Then the short screen while it goes to the disk.
#include "kiosk/view/makers.hpp"

#include <algorithm>

#include "kiosk/consent/calendar.hpp"

namespace view {
namespace {

/// First letter of a name with its full stop; the whole first code point, because names are UTF-8.
std::string initial(std::string_view name) {
    if (name.empty()) return {};
    std::size_t length = 1;
    while (length < name.size() && (static_cast<unsigned char>(name[length]) & 0xc0U) == 0x80)
        ++length;
    return std::string(name.substr(0, length)) + ".";
}

std::string shown_name(const core::Person& person, bool whole) {
    const std::string_view given = person.given_names.view();
    const std::string_view family = person.family_name.view();
    std::string name(whole ? std::string(given) : initial(given));
    if (!name.empty()) name += ' ';  // some people have no given name
    return name + (whole ? std::string(family) : initial(family));
}

Row row_of_person(const Look& look, const core::Review& at) {
    Row row{"person", "review.you"_t, {}, {}};
    const std::string name = shown_name(at.who.person, at.name_shown);
    const auto birth = consent::latest_birth_date(at.who.person.birth_date.view());
    if (birth) {
        const auto age = static_cast<std::int64_t>(consent::age_on(*birth, look.common.now.date));
        row.value.push_back(
            personal(counted(with("review.person"_t, {{"name", name, Arg::Kind::name}}), age)));
    } else {
        row.value.push_back(personal(literal(name)));
    }
    row.value.push_back("review.checked"_t);
    row.button =
        Button{"review.name", "act-see", at.name_shown ? "review.hide"_t : "review.show"_t, {}};
    return row;
}

Button edit_button(const char* id) {
    return {id, "edit", "button.edit"_t, {}};
}

std::vector<Text> full_names(const Look& look, const std::vector<std::string>& ids) {
    std::vector<Text> texts;
    texts.reserve(ids.size());
    for (const std::string& id : ids) texts.push_back(authority_full_name(look, id));
    return texts;
}

void add_choice_rows(std::vector<Row>& rows, const Look& look, const core::Review& at,
                     const consent::Entry& entry, const consent::Shown& words) {
    rows.push_back({authority_icon(look, entry.sources.front()),
                    "review.who"_t,
                    full_names(look, entry.sources),
                    {}});
    const std::vector<std::string> chosen = chosen_of(entry, at.selection.recipients);
    Row to_whom{authority_icon(look, chosen.front()), "review.to"_t, full_names(look, chosen), {}};
    if (entry.recipients_chosen) to_whom.button = edit_button("review.edit_recipients");
    rows.push_back(std::move(to_whom));
    const auto* category = look.setup.catalogue.category(entry.categories.front());
    rows.push_back({category == nullptr ? IconName("info") : category->icon,
                    "review.what"_t,
                    {categories_brief(look, entry.categories)},
                    {}});
    rows.push_back({"excluded", "review.not"_t, {literal(words.slots->excluded)}, {}});
    rows.push_back({"purpose", "review.purpose"_t, {literal(words.slots->purpose)}, {}});
    Row how_long{"duration", "review.how_long"_t, term_text(look, at.selection), {}};
    how_long.value.push_back(literal(words.slots->ending));
    if (look.setup.offers[at.selection.offer].terms.size() > 1)
        how_long.button = edit_button("review.edit_duration");
    rows.push_back(std::move(how_long));
}

/// An address for mail that may break after its @ and nowhere else in a word.
Text reach(const consent::Contact& contact) {
    std::string words = contact.mail.empty() ? contact.phone : contact.mail;
    if (const auto at = words.find('@'); at != std::string::npos) words.insert(at + 1, "\u200b");
    return literal(words, "de");
}

/// Who answers for it, who protects the data, where to complain: three rows for all parties, so
/// that the whole declaration stays short enough to be read.
void add_responsible_rows(std::vector<Row>& rows, const Look& look,
                          const std::vector<std::string>& parties) {
    Row controllers{"info", "contacts.controller"_t, {}, {}};
    Row protection{"privacy", "contacts.protection"_t, {}, {}};
    Row complaint{"act-ask", "contacts.complaint"_t, {}, {}};
    std::vector<std::string> supervisors;
    for (const std::string& id : parties) {
        const consent::Authority* authority = look.setup.catalogue.authority(id);
        if (authority == nullptr) continue;
        controllers.value.push_back(literal(authority->controller.name, "de"));
        controllers.value.push_back(literal(authority->controller.address, "de"));
        protection.value.push_back(
            with("contacts.of"_t,
                 {{"who", authority_name(look, id).literal, Arg::Kind::name},
                  {"how", reach(authority->protection_officer).literal, Arg::Kind::number}}));
        const std::string& supervisor = authority->supervisor.name;
        if (std::find(supervisors.begin(), supervisors.end(), supervisor) != supervisors.end())
            continue;
        supervisors.push_back(supervisor);
        complaint.value.push_back(literal(supervisor, "de"));
        complaint.value.push_back(reach(authority->supervisor));
    }
    for (Row* row : {&controllers, &protection, &complaint}) rows.push_back(std::move(*row));
}

}  // namespace

void add_contact_rows(std::vector<Row>& rows, const Look& look,
                      const std::vector<std::string>& authorities) {
    const auto lines = [](const consent::Contact& contact) {
        std::vector<Text> texts{literal(contact.name, "de")};
        if (!contact.address.empty()) texts.push_back(literal(contact.address, "de"));
        std::string reach = contact.phone;
        if (!reach.empty() && !contact.mail.empty()) reach += ", ";
        reach += contact.mail;
        if (!reach.empty()) texts.push_back(literal(reach, "de"));
        return texts;
    };
    std::vector<consent::Contact> complained;
    for (const std::string& id : authorities) {
        const consent::Authority* authority = look.setup.catalogue.authority(id);
        if (authority == nullptr) continue;
        rows.push_back(
            {authority->icon, "contacts.controller"_t, lines(authority->controller), {}});
        rows.push_back(
            {"privacy", "contacts.protection"_t, lines(authority->protection_officer), {}});
        bool known = false;
        for (const consent::Contact& contact : complained)
            known = known || contact == authority->supervisor;
        if (known) continue;
        complained.push_back(authority->supervisor);
        rows.push_back({"info", "contacts.complaint"_t, lines(authority->supervisor), {}});
    }
}

void fill(Screen& screen, const Look& look, const core::Review& at) {
    const consent::Entry& entry = look.setup.entry(at.selection.offer);
    const consent::Shown words = entry_words(look, entry);
    const consent::Common& common = consent::common_for(look.setup.catalogue, look.language());
    screen.name = "review";
    screen.steps = step_of(3);
    screen.title = "review.title"_t;
    screen.lead = "review.lead"_t;
    add_fallback_note(screen, words);
    Rows rows;
    rows.rows.push_back(row_of_person(look, at));
    const bool objects = entry.act == core::ActType::objection;
    rows.rows.push_back({objects ? "act-objection" : "act-give",
                         "review.act"_t,
                         {literal(words.slots->title)},
                         {}});
    add_choice_rows(rows.rows, look, at, entry, words);
    rows.rows.push_back(
        {"act-take-back", "review.withdraw"_t, {literal(words.slots->withdrawal)}, {}});
    rows.rows.push_back({"check", "review.voluntary"_t, {literal(common.voluntary)}, {}});
    rows.rows.push_back({"without-yes",
                         "review.without_yes"_t,
                         {literal(words.slots->without_yes), literal(common.no_disadvantage)},
                         {}});
    std::vector<std::string> parties = entry.sources;
    for (const std::size_t index : at.selection.recipients)
        parties.push_back(entry.recipients[index]);
    add_responsible_rows(rows.rows, look, parties);
    screen.blocks.emplace_back(std::move(rows));
    const Text yes = look.common.link_up ? "review.if_yes.online"_t : "review.if_yes.offline"_t;
    screen.blocks.emplace_back(Paragraph{{yes, "review.if_no"_t}});
    screen.pair = pair_of(entry.act, "review");
    if (entry.act == core::ActType::consent) screen.pair->yes.label = "review.yes"_t;
    screen.pair->question = literal(words.slots->title);
    screen.pair->summary = decision_summary(look, words, chosen_of(entry, at.selection.recipients));
    screen.back = back_button();
}

void fill(Screen& screen, const Look&, const core::Saving&) {
    screen.name = "saving";
    screen.steps = step_of(4);
    screen.title = "saving.title"_t;
    screen.lead = "saving.lead"_t;
    screen.blocks.emplace_back(Waiting{"saving.what"_t, "saving.time"_t, {}});
}

}  // namespace view
