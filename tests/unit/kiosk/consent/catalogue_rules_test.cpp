// SPDX-License-Identifier: EUPL-1.2
// Each rule is broken once in a catalogue that keeps them all: exactly that rule must speak, at
// that place, with a remedy.
#include "kiosk/consent/catalogue_rules.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "tests/unit/kiosk/consent/sample.hpp"

namespace {

/// The one rule that a change breaks, with its place: "JBA-03 LR-02". Several different ones are
/// joined with '+'.
std::string broken_by(const std::function<void(Json&)>& change) {
    Json json = catalogue_json();
    change(json);
    std::string out;
    for (const auto& each : read_json(json).violations) {
        CHECK_FALSE(each.what.empty());
        CHECK_FALSE(each.remedy.empty());
        const std::string one = each.place + " " + each.rule;
        if (out.find(one) == std::string::npos) out += (out.empty() ? "" : "+") + one;
    }
    return out;
}

std::string entry_broken_by(std::string_view id, const std::function<void(Json&)>& change) {
    return broken_by([&](Json& json) { change(entry_of(json, id)); });
}

void approve(Json& words) {
    words.erase("draft");
    words["approved_by"] = "Datenschutzbeauftragte";
    words["approved_at"] = "2026-11-20";
}

void make_active(Json& entry) {
    entry["status"] = "active";
    entry["legal_review"] = {
        {"state", "done"}, {"by", "A"}, {"date", "2026-11-20"}, {"reference", "R"}};
    approve(entry["wording"]["de"]);
}

}  // namespace

TEST_CASE("rules: LR-02 named parties, no wildcard, known references") {
    const auto recipients = [](const Json& list) {
        return entry_broken_by("JBA-03", [&](Json& e) { e["recipients"]["authorities"] = list; });
    };
    CHECK(recipients({"JBA"}) == "JBA-03 LR-02");
    CHECK(recipients({"Integration Point"}) == "JBA-03 LR-02");
    CHECK(recipients({"jba-musterstadt"}) == "JBA-03 LR-02");
    CHECK(recipients({"*"}) == "JBA-03 LR-02");
    CHECK(recipients({"nobody"}) == "JBA-03 LR-02");
    CHECK(recipients(Json::array()) == "JBA-03 LR-02");
    CHECK(recipients({"musterstadt-agentur", "musterstadt-agentur"}) == "JBA-03 LR-02");
    CHECK(recipients({"musterstadt-jugendamt"}) == "JBA-03 LR-02");
    CHECK(entry_broken_by("JBA-03", [](Json& e) { e["sources"] = Json::array(); }) ==
          "JBA-03 LR-02");
    CHECK(entry_broken_by("JBA-03", [](Json& e) { e["categories"] = Json::array(); }) ==
          "JBA-03 LR-02");
    CHECK(entry_broken_by("JBA-03", [](Json& e) { e["categories"] = {"*"}; }) == "JBA-03 LR-02");
    CHECK(entry_broken_by("JBA-03", [](Json& e) { e["categories"] = {"C99"}; }) == "JBA-03 LR-02");
    CHECK(entry_broken_by("JBA-03", [](Json& e) {
              e["wording"]["de"]["purpose"] = {"a", "b"};
          }) == "JBA-03/wording/de/purpose FORMAT");
}

TEST_CASE("rules: a cooperation of authorities is nobody, under whatever id it hides") {
    for (const char* name : {"Jugendberufsagentur Musterstadt", "JBA Musterstadt", "Die JBA",
                             "Integration Point Musterstadt"}) {
        CAPTURE(name);
        CHECK(broken_by([&](Json& json) {
                  by_id(json["authorities"], "musterstadt-agentur")["full_name"]["de"] = name;
              }) == "authorities/musterstadt-agentur LR-02");
    }
    CHECK(broken_by([](Json& json) {
              by_id(json["authorities"], "musterstadt-agentur")["full_name"]["de"] = "Amt JBAX";
          }).empty());
}

TEST_CASE("rules: LR-03 every slot is filled in every language, every contact can be reached") {
    for (const char* slot : {"title", "question", "summary", "purpose", "without_yes", "excluded",
                             "withdrawal", "ending"}) {
        for (const char* language : {"de", "de-x-leicht", "en", "ar"}) {
            const std::string place =
                std::string("JBA-02/wording/") + language + "/" + slot + " FORMAT";
            CHECK(entry_broken_by("JBA-02", [&](Json& e) { e["wording"][language][slot] = ""; }) ==
                  place);
            CHECK(entry_broken_by("JBA-02", [&](Json& e) { e["wording"][language].erase(slot); }) ==
                  place);
        }
    }
    CHECK(broken_by([](Json& json) { json["common"].erase("ar"); }) == "common/ar LR-03");
    const auto without = [](const char* contact) {
        return broken_by([&](Json& json) {
            by_id(json["authorities"], "musterstadt-jugendamt").erase(contact);
        });
    };
    CHECK(without("controller").find("FORMAT") != std::string::npos);
    CHECK(without("protection_officer").find("FORMAT") != std::string::npos);
    CHECK(without("supervisor").find("FORMAT") != std::string::npos);
}

TEST_CASE(
    "rules: an empty slot of a catalogue made in memory is LR-03, an unreachable contact too") {
    auto catalogue = load_json(catalogue_json());
    catalogue.entries[2].wording.at("ar").slots.purpose.clear();
    catalogue.authorities[0].protection_officer = {"Name", "", "", ""};
    catalogue.authorities[0].supervisor = {"Name", "", "", ""};
    const auto found = consent::violations(catalogue);
    REQUIRE(found.size() == 3);
    CHECK(found[0].rule == "LR-03");
    CHECK(found[1].rule == "LR-47");
    CHECK(found[2].place == "JBA-03");
    CHECK(found[2].rule == "LR-03");
}

TEST_CASE("rules: LR-09 nobody consents to what a statute permits anyway") {
    for (const char* norm : {"§ 50 SGB II", "§ 69 Abs. 1 Nr. 1 SGB X", "§ 18b AZRG"}) {
        CAPTURE(norm);
        CHECK(entry_broken_by("JBA-03", [&](Json& e) { e["legal_basis"].push_back(norm); }) ==
              "JBA-03 LR-09");
        CHECK(entry_broken_by("IP-01", [&](Json& e) { e["legal_basis"].push_back(norm); }).empty());
    }
    CHECK(entry_broken_by("JBA-03", [](Json& e) { e["legal_basis"] = Json::array(); }) ==
          "JBA-03 LR-09");
}

TEST_CASE("rules: LR-10 and LR-11 health data are asked twice, with two norms, or held back") {
    const auto with_health = [](const std::function<void(Json&)>& more) {
        return entry_broken_by("JBA-02", [&](Json& e) {
            e["categories"] = {"C11"};
            more(e);
        });
    };
    CHECK(with_health([](Json&) {}) == "JBA-02 LR-10");
    CHECK(with_health([](Json& e) { e["double_confirm"] = true; }).empty());  // pending: held back
    CHECK(with_health([](Json& e) {
              e["double_confirm"] = true;
              make_active(e);
          }) == "JBA-02 LR-11");
    CHECK(with_health([](Json& e) {
              e["double_confirm"] = true;
              make_active(e);
              e["legal_basis"] = {"Art. 9 Abs. 2 Buchst. a DSGVO"};
          }) == "JBA-02 LR-11");
    CHECK(with_health([](Json& e) {
              e["double_confirm"] = true;
              make_active(e);
              e["legal_basis"] = {"Art. 9 Abs. 2 Buchst. a DSGVO"};
              e["transmission_norm"] = {"§ 76 Abs. 1 SGB X"};
          }).empty());
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["categories"] = {"C16"}; }) == "JBA-02 LR-10");
}

TEST_CASE("rules: LR-13 a person is released from confidentiality, never an institution") {
    const auto release = [](bool professional, bool counterpart) {
        return entry_broken_by("JBA-03", [&](Json& e) {
            e["act_type"] = "confidentiality_release";
            e["names_professional"] = professional;
            e["names_counterpart"] = counterpart;
        });
    };
    CHECK(release(false, false) == "JBA-03 LR-13");
    CHECK(release(true, false) == "JBA-03 LR-13");
    CHECK(release(false, true) == "JBA-03 LR-13");
    CHECK(release(true, true).empty());
}

TEST_CASE("rules: LR-14 what was told in confidence stays in the youth office") {
    for (const char* id : {"JBA-01", "JBA-03", "JBA-05"}) {
        CHECK(entry_broken_by(id, [](Json& e) { e["excludes_entrusted"] = false; }) ==
              std::string(id) + " LR-14");
    }
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["excludes_entrusted"] = false; }).empty());
    CHECK(entry_broken_by("JBA-03", [](Json& e) { e["declarants"] = {"entrusting_person"}; }) ==
          "JBA-03 LR-14");
    CHECK(entry_broken_by("JBA-03", [](Json& e) { e["declarants"] = {"neighbour"}; }) ==
          "JBA-03 LR-14");
    CHECK(entry_broken_by("JBA-03", [](Json& e) { e["declarants"] = Json::array(); }) ==
          "JBA-03 LR-07");
}

TEST_CASE("rules: LR-20 a release ends, and its default is one of the choices") {
    CHECK(entry_broken_by("JBA-03", [](Json& e) {
              e["durations"] = {{"choices", {"open"}}, {"default", "open"}};
          }) == "JBA-03 LR-20");
    CHECK(entry_broken_by("JBA-03", [](Json& e) { e["durations"]["default"] = "m24"; }) ==
          "JBA-03 LR-20");
    CHECK(entry_broken_by("JBA-03", [](Json& e) {
              e["durations"]["choices"] = {"m6", "m99"};
          }) == "JBA-03 LR-20");
    CHECK(entry_broken_by("JBA-03", [](Json& e) { e["durations"]["choices"] = Json::array(); }) ==
          "JBA-03 LR-20");
    CHECK(entry_broken_by("IP-01", [](Json& e) {
              e["durations"] = {{"choices", {"m6"}}, {"default", "m6"}};
          }) == "IP-01 LR-20");
}

TEST_CASE("rules: LR-22 German speaks in short sentences and never in certain words") {
    const auto says = [](const char* language, const std::string& text) {
        return entry_broken_by("JBA-02",
                               [&](Json& e) { e["wording"][language]["purpose"] = text; });
    };
    CHECK(says("de", "Eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf.").empty());
    CHECK(says("de", "Eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf mehr.") ==
          "JBA-02 LR-22");
    CHECK(says("de-x-leicht",
               "Eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf "
               "mehr.") == "JBA-02 LR-22");
    CHECK(says("de", "Eins zwei drei vier fünf sechs. Sieben acht neun zehn elf zwölf mehr.")
              .empty());
    CHECK(says("de", "Bis 12.11. eins zwei drei vier fünf sechs sieben acht neun zehn elf.") ==
          "JBA-02 LR-22");
    for (const char* word : {"Das ist empfohlen.", "Nur noch heute.", "Los!", "Ein Fehler.",
                             "Das ist ungültig.", "Es wurde abgelehnt."}) {
        CAPTURE(word);
        CHECK(says("de", word) == "JBA-02 LR-22");
    }
    CHECK(
        says("en", "This one has more than twelve words but the rule is for German only.").empty());
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["wording"].erase("de-x-leicht"); }) ==
          "JBA-02 LR-22");
}

TEST_CASE("rules: LR-23 words are approved by a person or marked as a draft, German first") {
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["wording"]["ar"].erase("draft"); }) ==
          "JBA-02/wording/ar/approved_by FORMAT+JBA-02/wording/ar/approved_at FORMAT");
    CHECK(entry_broken_by("JBA-02", [](Json& e) {
              e["wording"]["ar"]["approved_by"] = "X";
          }).find("JBA-02/wording/ar/draft FORMAT") != std::string::npos);
    CHECK(entry_broken_by("JBA-02", [](Json& e) { approve(e["wording"]["ar"]); }).empty());
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["wording"].erase("de"); }) == "JBA-02 LR-23");
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["status"] = "active"; }) == "JBA-02 LR-23");
    CHECK(entry_broken_by("JBA-02", [](Json& e) { make_active(e); }).empty());
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["wording"]["tlh"] = e["wording"]["en"]; }) ==
          "JBA-02 LR-23");
    CHECK(broken_by([](Json& json) {
              json["languages"] = {"de-x-leicht", "en", "ar"};
          }).find("languages LR-23") == 0);
}

TEST_CASE("rules: form - unknown members, doubled ids, hidden characters, wrong kinds") {
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["titel"] = "x"; }) == "JBA-02/titel FORMAT");
    CHECK(broken_by([](Json& json) { json["entries"].push_back(json["entries"][0]); }) ==
          "JBA-01 FORMAT");
    CHECK(entry_broken_by("JBA-02", [](Json& e) {
              e["wording"]["en"]["title"] = "abc\u202Ecba";
          }) == "JBA-02/wording/en/title FORMAT");
    CHECK(entry_broken_by("JBA-02", [](Json& e) {
              e["wording"]["en"]["title"] = "abc\u2068x\u2069";
          }) == "JBA-02/wording/en/title FORMAT");
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["wording"]["en"]["title"] = "a\nb"; }) ==
          "JBA-02/wording/en/title FORMAT");
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["act_type"] = "agreement"; }) ==
          "JBA-02/act_type FORMAT");
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["version"] = "1"; }) ==
          "JBA-02/version FORMAT");
    CHECK(entry_broken_by("JBA-02", [](Json& e) { e["double_confirm"] = 1; }) ==
          "JBA-02/double_confirm FORMAT");
    CHECK(broken_by([](Json& json) { json["valid_until"] = "2025-12-31"; }) ==
          "valid_until FORMAT");
    CHECK(broken_by([](Json& json) { json["version"] = "1.0"; }) == "version FORMAT");
    CHECK(broken_by([](Json& json) { json["schema"] = "freigabe-catalogue-2"; }) ==
          "schema FORMAT");
}

TEST_CASE("rules: slot lengths at the bound") {
    const auto with = [](std::size_t size) {
        return entry_broken_by(
            "JBA-02", [&](Json& e) { e["wording"]["en"]["summary"] = std::string(size, 'x'); });
    };
    CHECK(with(1).empty());
    CHECK(with(479).empty());
    CHECK(with(480).empty());
    CHECK(with(481) == "JBA-02/wording/en/summary FORMAT");
}
