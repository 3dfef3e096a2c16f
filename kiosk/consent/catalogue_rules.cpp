// SPDX-License-Identifier: EUPL-1.2
// The rules of a catalogue as a whole and of its tables; those of one entry are entry_rules.cpp.
// See catalogue_rules.hpp.
#include "kiosk/consent/catalogue_rules.hpp"

#include <algorithm>
#include <set>

#include "kiosk/consent/entry_rules.hpp"

namespace consent {

namespace {

void require_contact(const Contact& contact, const std::string& place, std::string_view who,
                     std::string_view rule, std::vector<Violation>& out) {
    if (!contact.mail.empty() || !contact.phone.empty() || !contact.address.empty()) return;
    out.push_back({place, std::string(rule), std::string(who) + " cannot be reached",
                   "give an address, a mail or a telephone number"});
}

/// A cooperation of authorities is no legal entity: it can neither send nor receive nor answer for
/// data.
bool names_cooperation(std::string_view text) {
    for (const std::string_view name :
         {"Jugendberufsagentur", "Integration Point", "Integrationspoint"}) {
        if (text.find(name) != std::string_view::npos) return true;
    }
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const std::size_t at = text.find("JBA");
    if (at == std::string_view::npos) return false;
    const bool left = at > 0 && is_letter(text[at - 1]);
    const bool right = at + 3 < text.size() && is_letter(text[at + 3]);
    return !left && !right;
}

void check_authority(const Authority& authority, std::vector<Violation>& out) {
    const std::string place = "authorities/" + authority.id;
    bool cooperation =
        names_cooperation(authority.controller.name) || is_cooperation_id(authority.id);
    for (const auto& [language, text] : authority.name) cooperation |= names_cooperation(text);
    for (const auto& [language, text] : authority.full_name) cooperation |= names_cooperation(text);
    if (cooperation) {
        out.push_back(
            {place, "LR-02", "is a cooperation of authorities and no legal entity",
             "name the authorities themselves: Jobcenter, Agentur für Arbeit, Jugendamt"});
    }
    if (authority.icon.rfind("authority-", 0) != 0) {
        out.push_back({place, "LR-03", "has the icon " + authority.icon,
                       "use one of assets/icons/authority-*"});
    }
    require_contact(authority.controller, place, "the controller", "LR-03", out);
    require_contact(authority.protection_officer, place, "the data-protection officer", "LR-03",
                    out);
    require_contact(authority.supervisor, place, "the supervisory authority", "LR-47", out);
}

template <class Items>
void check_unique(const Items& items, std::string_view table, std::vector<Violation>& out) {
    std::set<std::string_view> seen;
    for (const auto& item : items) {
        if (seen.insert(item.id).second) continue;
        out.push_back({std::string(table) + item.id, "FORMAT", "is there twice",
                       "remove one of the two or give it another id"});
    }
}

void check_languages(const Catalogue& catalogue, std::vector<Violation>& out) {
    const auto& languages = catalogue.languages;
    if (std::find(languages.begin(), languages.end(), "de") == languages.end()) {
        out.push_back({"languages", "LR-23", "lacks German, to which every language falls back",
                       "add \"de\""});
    }
    for (const auto& language : languages) {
        if (catalogue.common.find(language) != catalogue.common.end()) continue;
        out.push_back({"common/" + language, "LR-03", "the shared words are missing",
                       "write voluntary, no_disadvantage and complaint in this language"});
    }
    for (const auto& [language, words] : catalogue.common) {
        if (language.rfind("de", 0) != 0) continue;
        for (const auto* text : {&words.voluntary, &words.no_disadvantage, &words.complaint}) {
            for (const auto& fault : wording_faults(*text)) {
                out.push_back({"common/" + language, "LR-22", fault, "say it shorter and plainer"});
            }
        }
    }
}

}  // namespace

bool is_cooperation_id(std::string_view id) {
    return id == "JBA" || id == "jba" || id == "IP" || id == "Integration Point" ||
           id.rfind("jba-", 0) == 0 || id.rfind("integration-point", 0) == 0;
}

std::vector<Violation> violations(const Catalogue& catalogue) {
    std::vector<Violation> out;
    check_languages(catalogue, out);
    check_unique(catalogue.authorities, "authorities/", out);
    check_unique(catalogue.categories, "categories/", out);
    check_unique(catalogue.purposes, "purposes/", out);
    check_unique(catalogue.durations, "durations/", out);
    check_unique(catalogue.entries, "", out);
    for (const auto& authority : catalogue.authorities) check_authority(authority, out);
    for (const auto& entry : catalogue.entries) {
        for (auto& violation : entry_violations(catalogue, entry)) {
            out.push_back(std::move(violation));
        }
    }
    return out;
}

}  // namespace consent
