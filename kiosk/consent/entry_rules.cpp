// SPDX-License-Identifier: EUPL-1.2
// The law's rules for one entry, see entry_rules.hpp.
#include "kiosk/consent/entry_rules.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "kiosk/consent/legal_basis.hpp"
#include "sync/model/access_request.hpp"

namespace consent {

namespace {

class Check {
  public:
    Check(const Catalogue& catalogue, const Entry& entry) : catalogue_(catalogue), entry_(entry) {}

    std::vector<Violation> run() {
        name();
        parties();
        references();
        durations();
        legal_basis();
        special_categories();
        confidentiality();
        youth_office();
        languages();
        return std::move(out_);
    }

  private:
    void name() {
        if (entry_.id != model::access_request_entry) return;
        say("FORMAT", "bears the id of the formal request for access (Art. 15 GDPR)",
            "give it another id");
    }
    void say(std::string rule, std::string what, std::string remedy) {
        out_.push_back({entry_.id, std::move(rule), std::move(what), std::move(remedy)});
    }
    [[nodiscard]] bool is(ActType act) const { return entry_.act == act; }

    /// LR-02: named sources, named recipients, listed categories, no wildcard.
    void parties();
    void party(const std::string& id, std::string_view role);
    void references();
    /// LR-20: a release ends; its default is one of the choices.
    void durations();
    /// LR-09: nobody is asked to consent to what a statute permits anyway.
    void legal_basis();
    /// LR-10, LR-11: health data need an explicit second yes and two norms.
    void special_categories();
    /// LR-13: an institution cannot be released from confidentiality, a person can.
    void confidentiality();
    /// LR-14: what was told in confidence in the youth office stays there.
    void youth_office();
    /// LR-03, LR-22, LR-23: words in every language, approved or marked as draft.
    void languages();
    void wording(const std::string& language, const Wording& words);

    const Catalogue& catalogue_;
    const Entry& entry_;
    std::vector<Violation> out_;
};

std::array<std::pair<std::string_view, const std::string*>, 8> slots_of(const Slots& slots) {
    return {{{"title", &slots.title},
             {"question", &slots.question},
             {"summary", &slots.summary},
             {"purpose", &slots.purpose},
             {"without_yes", &slots.without_yes},
             {"excluded", &slots.excluded},
             {"withdrawal", &slots.withdrawal},
             {"ending", &slots.ending}}};
}

bool has_duplicate(const std::vector<std::string>& items) {
    return std::set<std::string_view>(items.begin(), items.end()).size() != items.size();
}

void Check::party(const std::string& id, std::string_view role) {
    const std::string who = std::string(role) + " " + id;
    if (id == "*") {
        say("LR-02", std::string(role) + " is a wildcard", "name each authority");
    } else if (is_cooperation_id(id)) {
        say("LR-02", who + " is a cooperation of authorities and no legal entity",
            "name the authorities themselves: Jobcenter, Agentur für Arbeit, Jugendamt");
    } else if (catalogue_.authority(id) == nullptr) {
        say("LR-02", who + " is not in the table of authorities",
            "add it to \"authorities\" or correct the id");
    }
}

void Check::parties() {
    if (entry_.sources.empty()) say("LR-02", "has no source", "name who passes data on");
    if (entry_.recipients.empty()) say("LR-02", "has no recipient", "name who gets the data");
    for (const auto& id : entry_.sources) party(id, "source");
    for (const auto& id : entry_.recipients) {
        party(id, "recipient");
        const auto& sources = entry_.sources;
        if (std::find(sources.begin(), sources.end(), id) != sources.end()) {
            say("LR-02", id + " is source and recipient", "remove one, or use both_ways");
        }
    }
    if (has_duplicate(entry_.sources) || has_duplicate(entry_.recipients)) {
        say("LR-02", "names a party twice", "remove one of the two");
    }
}

void Check::references() {
    if (entry_.categories.empty()) say("LR-02", "lists no data category", "list what is passed on");
    if (has_duplicate(entry_.categories)) {
        say("LR-02", "lists a data category twice", "remove one of the two");
    }
    for (const auto& id : entry_.categories) {
        if (id == "*") {
            say("LR-02", "data category is a wildcard", "list each category");
        } else if (catalogue_.category(id) == nullptr) {
            say("LR-02", "data category " + id + " is not in the table",
                "add it to \"categories\" or correct the id");
        }
    }
    static constexpr std::array<std::string_view, 3> roles{"data_subject", "guardian",
                                                           "entrusting_person"};
    for (const auto& role : entry_.declarants) {
        if (std::find(roles.begin(), roles.end(), role) == roles.end()) {
            say("LR-14", "declarant " + role + " is unknown",
                "use data_subject, guardian or entrusting_person");
        }
    }
    if (entry_.declarants.empty() != is(ActType::notice)) {
        say("LR-07", "declarants do not fit the act type",
            "a notice has none, everything else says who may declare");
    }
}

void Check::durations() {
    if (is(ActType::notice)) {
        if (!entry_.durations.empty()) say("LR-20", "a notice has a duration", "remove it");
        return;
    }
    if (entry_.durations.empty()) say("LR-20", "offers no duration", "offer at least one");
    for (const auto& id : entry_.durations) {
        const Duration* duration = catalogue_.duration(id);
        if (duration == nullptr) {
            say("LR-20", "duration " + id + " is not in the table",
                "add it to \"durations\" or correct the id");
        } else if (duration->open() && !is(ActType::objection)) {
            say("LR-20", "duration " + id + " has no end", "only an objection may stay open");
        }
    }
    const auto& choices = entry_.durations;
    if (std::find(choices.begin(), choices.end(), entry_.duration_default) == choices.end()) {
        say("LR-20", "default duration " + entry_.duration_default + " is not offered",
            "choose the default from \"choices\"");
    }
}

void Check::legal_basis() {
    if (entry_.legal_basis.empty()) {
        say("LR-09", "names no legal basis", "cite the norm of the transfer");
    }
    const auto& basis = entry_.legal_basis;
    const auto statute = std::find_if(basis.begin(), basis.end(),
                                      [](const auto& text) { return permits_transfer(text); });
    if (statute != basis.end() && is(ActType::consent)) {
        say("LR-09", *statute + " permits this transfer anyway, so nobody may be asked for it",
            "make it a notice, or leave out what the statute covers");
    }
}

void Check::special_categories() {
    bool health = false;
    bool special = false;
    for (const auto& id : entry_.categories) {
        const Category* category = catalogue_.category(id);
        if (category == nullptr) continue;
        special = special || category->special != Special::none;
        health = health || category->special == Special::health;
    }
    if (special && !is(ActType::notice) && !entry_.double_confirm) {
        say("LR-10", "has data of a special category and asks only once",
            "set double_confirm to true");
    }
    if (!health || is(ActType::objection) || is(ActType::notice)) return;
    const auto& norms = entry_.transmission_norm;
    const bool both = std::any_of(entry_.legal_basis.begin(), entry_.legal_basis.end(),
                                  [](const auto& text) { return is_health_consent(text); }) &&
                      std::any_of(norms.begin(), norms.end(),
                                  [](const auto& text) { return is_transmission_norm(text); });
    const bool held_back = entry_.status != EntryStatus::active && !entry_.legal_review.done;
    if (!both && !held_back) {
        say("LR-11", "has health data without both norms, and is released",
            "cite the consent (Art. 9 DSGVO, § 67b SGB X) and a power to transmit "
            "(§§ 67d-77 SGB X), or leave legal_review pending and the status draft");
    }
}

void Check::confidentiality() {
    if (!is(ActType::confidentiality_release)) return;
    if (!entry_.names_professional) {
        say("LR-13", "releases an institution from confidentiality",
            "set names_professional: the person names who may speak, with profession");
    }
    if (!entry_.names_counterpart) {
        say("LR-13", "does not say with whom the professional may speak",
            "set names_counterpart: a named person or a narrow function");
    }
}

void Check::youth_office() {
    const auto& roles = entry_.declarants;
    const bool entrusting =
        std::find(roles.begin(), roles.end(), "entrusting_person") != roles.end();
    if (entrusting && !is(ActType::confidentiality_release)) {
        say("LR-14", "lets the entrusting person declare something else than a release",
            "remove entrusting_person, or make it a confidentiality_release");
    }
    if (is(ActType::confidentiality_release) || is(ActType::notice)) return;
    auto speakers = entry_.sources;
    if (entry_.both_ways) {
        speakers.insert(speakers.end(), entry_.recipients.begin(), entry_.recipients.end());
    }
    const bool youth = std::any_of(speakers.begin(), speakers.end(), [&](const auto& id) {
        const Authority* authority = catalogue_.authority(id);
        return authority != nullptr && authority->kind == "youth_office";
    });
    if (youth && !entry_.excludes_entrusted) {
        say("LR-14", "lets the youth office pass on what was told in confidence",
            "set excludes_entrusted and say so in the slot \"excluded\"");
    }
}

void Check::wording(const std::string& language, const Wording& words) {
    for (const auto& [name, text] : slots_of(words.slots)) {
        if (text->empty()) {
            say("LR-03", "slot " + std::string(name) + " is empty in " + language,
                "write it; a person must be able to read it before deciding");
        }
        if (language.rfind("de", 0) != 0) continue;
        const std::string place = "slot " + std::string(name) + " in " + language + " ";
        for (const auto& fault : wording_faults(*text)) {
            say("LR-22", place + fault, "say it shorter and plainer (12 words a sentence)");
        }
    }
    if (words.approved_by.empty() != words.approved_at.empty()) {
        say("LR-23", "approval of " + language + " lacks a name or a day",
            "give approved_by and approved_at, or mark it as draft");
    }
}

void Check::languages() {
    for (const auto& [language, words] : entry_.wording) {
        wording(language, words);
        const auto& known = catalogue_.languages;
        if (std::find(known.begin(), known.end(), language) == known.end()) {
            say("LR-23", "has words in " + language + ", which the catalogue does not list",
                "add it to \"languages\" or remove the words");
        }
    }
    const auto german = entry_.wording.find("de");
    if (german == entry_.wording.end()) {
        say("LR-23", "has no German words, to which every language falls back", "write them");
        return;
    }
    if (entry_.status == EntryStatus::active && german->second.draft()) {
        say("LR-23", "is active while its German words are a draft",
            "have them approved, or set the status to draft");
    }
    if (entry_.status == EntryStatus::active && !entry_.legal_review.done) {
        say("LR-23", "is active without a legal review",
            "record the review, or set the status to draft");
    }
    if (entry_.wording.find("de-x-leicht") == entry_.wording.end()) {
        say("LR-22", "has no words in plain German", "write de-x-leicht");
    }
}

}  // namespace

std::vector<Violation> entry_violations(const Catalogue& catalogue, const Entry& entry) {
    return Check(catalogue, entry).run();
}

}  // namespace consent
