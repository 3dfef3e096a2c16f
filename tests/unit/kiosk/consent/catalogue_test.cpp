// SPDX-License-Identifier: EUPL-1.2
// Reading a catalogue, finding things in it, and which words a person gets to read.
#include "kiosk/consent/catalogue.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/unit/kiosk/consent/sample.hpp"

using consent::Drafts;

namespace {

/// The sample with JBA-03 approved in these languages.
consent::Catalogue approved(const std::vector<std::string>& languages) {
    Json json = catalogue_json();
    Json& entry = entry_of(json, "JBA-03");
    for (const auto& language : languages) {
        Json& words = entry["wording"][language];
        words.erase("draft");
        words["approved_by"] = "Datenschutzbeauftragte";
        words["approved_at"] = "2026-11-20";
    }
    entry["status"] = "active";
    entry["legal_review"] = {
        {"state", "done"}, {"by", "Rechtsamt"}, {"date", "2026-11-20"}, {"reference", "R-1"}};
    return load_json(json);
}

}  // namespace

TEST_CASE("catalogue: the project's own file keeps every rule") {
    const std::string text = catalogue_text();
    const auto reading = consent::read(base::as_bytes(text));
    for (const auto& each : reading.violations) {
        MESSAGE(each.place, " ", each.rule, " ", each.what);
    }
    CHECK(reading.violations.empty());
    REQUIRE(reading.catalogue.has_value());
    std::vector<std::string> ids;
    for (const auto& entry : reading.catalogue->entries) ids.push_back(entry.id);
    CHECK(ids ==
          std::vector<std::string>{"JBA-01", "JBA-02", "JBA-03", "JBA-05", "JBA-11", "IP-01"});
    CHECK(reading.catalogue->categories.size() == 18);
    for (const auto& entry : reading.catalogue->entries) CHECK(entry.wording.size() == 4);
}

TEST_CASE(
    "catalogue: an authority's key for letters may be there, as a JWK on P-256 and no other") {
    const std::string x = std::string(42, 'x') + 'w';  // no bit beyond 32 bytes
    const std::string y = std::string(42, 'y') + 'w';
    const Json key{{"kty", "EC"}, {"crv", "P-256"}, {"x", x}, {"y", y}};
    const auto without = load_json(catalogue_json());
    CHECK(without.authority("musterstadt-agentur")->slip_key.empty());
    const auto with_key = [](const Json& value) {
        Json json = catalogue_json();
        by_id(json["authorities"], "musterstadt-agentur")["slip_key"] = value;
        return json;
    };
    const auto catalogue = load_json(with_key(key));
    REQUIRE(catalogue.authority("musterstadt-agentur") != nullptr);
    CHECK(catalogue.authority("musterstadt-agentur")->slip_key ==
          R"({"kty":"EC","crv":"P-256","x":")" + x + R"(","y":")" + y + R"("})");
    for (const auto& [member, value] :
         std::vector<std::pair<std::string, Json>>{{"kty", "RSA"},
                                                   {"crv", "P-384"},
                                                   {"x", "short"},
                                                   {"x", std::string(43, '!')},
                                                   {"x", std::string(43, 'x')},
                                                   {"d", std::string(43, 'd')}}) {
        CAPTURE(member);
        Json broken = key;
        broken[member] = value;
        const std::string text = with_key(broken).dump();
        CHECK_FALSE(consent::read(base::as_bytes(text)).violations.empty());
    }
}

TEST_CASE("catalogue: every icon that it names exists") {
    const auto catalogue = load_json(catalogue_json());
    const std::filesystem::path icons = std::string(FREIGABE_SOURCE_DIR) + "/assets/icons";
    for (const auto& each : catalogue.authorities) {
        CHECK(std::filesystem::exists(icons / (each.icon + ".svg")));
    }
    for (const auto& each : catalogue.categories) {
        CHECK(std::filesystem::exists(icons / (each.icon + ".svg")));
    }
}

TEST_CASE("catalogue: purposes and retention may be there, and need German if they are (LR-41)") {
    const auto catalogue = load_json(catalogue_json());
    REQUIRE(catalogue.purpose("placement") != nullptr);
    CHECK(catalogue.purpose("placement")->text.at("de") == "Arbeit oder Ausbildung finden");
    CHECK(catalogue.purpose("case.2026-05") == nullptr);
    CHECK_FALSE(catalogue.authority("musterstadt-agentur")->retention.empty());
    CHECK(catalogue.authority("bamf")->retention.empty());
    Json without = catalogue_json();
    without.erase("purposes");
    for (Json& authority : without["authorities"]) authority.erase("retention");
    CHECK(read_json(without).violations.empty());
    const auto place_of = [](const Json& json) {
        const auto reading = read_json(json);
        return reading.violations.empty() ? std::string() : reading.violations.front().place;
    };
    Json foreign = catalogue_json();
    foreign["purposes"][0]["text"].erase("de");
    CHECK(place_of(foreign).find("purposes") != std::string::npos);
    Json doubled = catalogue_json();
    doubled["purposes"].push_back(doubled["purposes"][0]);
    CHECK(place_of(doubled) == "purposes/placement");
    Json silent = catalogue_json();
    by_id(silent["authorities"], "musterstadt-agentur")["retention"].erase("de");
    CHECK(place_of(silent).find("authorities") != std::string::npos);
}

TEST_CASE("catalogue: no entry may bear the id of the formal request for access") {
    Json json = catalogue_json();
    entry_of(json, "JBA-02")["id"] = "DSGVO-15";
    const auto reading = read_json(json);
    REQUIRE(reading.violations.size() == 1);
    CHECK(reading.violations.front().place == "DSGVO-15");
}

TEST_CASE("catalogue: the texts of JBA-03 are those of the design") {
    const auto catalogue = load_json(catalogue_json());
    const auto& slots = catalogue.entry("JBA-03")->wording.at("de").slots;
    CHECK(slots.title == "Hilfe-Verlauf");
    CHECK(slots.question == "Darf das Jugendamt das weitersagen?");
    CHECK(slots.purpose == "Damit Hilfen nicht doppelt laufen.");
    CHECK(slots.without_yes == "Jedes Amt fragt Sie selbst.");
    CHECK(slots.withdrawal == "Jederzeit. Schon Gesagtes bleibt gesagt.");
    CHECK(consent::text_for(catalogue.category("C07")->text, "de") ==
          "Termine und verabredete Schritte");
    CHECK(consent::common_for(catalogue, "de").no_disadvantage ==
          "Nicht weniger Geld, nicht weniger Hilfe.");
}

TEST_CASE("catalogue: drafts are hidden where they must be, and marked where they may be shown") {
    const auto catalogue = load_json(catalogue_json());
    CHECK(consent::offered(catalogue, Drafts::hide).empty());
    CHECK(consent::offered(catalogue, Drafts::show).size() == 6);
    const auto shown = consent::words(*catalogue.entry("JBA-03"), "ar", Drafts::show);
    REQUIRE(shown.has_value());
    CHECK(shown->language == "ar");
    CHECK(shown->draft);
    CHECK_FALSE(shown->fell_back);
    CHECK_FALSE(consent::words(*catalogue.entry("JBA-03"), "ar", Drafts::hide).has_value());
}

TEST_CASE("catalogue: a hidden language falls back to German and says so") {
    const auto catalogue = approved({"de", "en"});
    REQUIRE(catalogue.entry("JBA-03") != nullptr);
    const auto& entry = *catalogue.entry("JBA-03");
    struct Row {
        const char* wish;
        Drafts drafts;
        const char* gets;
        bool draft;
        bool fell_back;
    };
    for (const Row& row :
         {Row{"de", Drafts::hide, "de", false, false}, Row{"en", Drafts::hide, "en", false, false},
          Row{"en-GB", Drafts::hide, "en", false, false},
          Row{"ar", Drafts::hide, "de", false, true}, Row{"ar", Drafts::show, "ar", true, false},
          Row{"de-x-leicht", Drafts::hide, "de", false, false},
          Row{"de-x-leicht", Drafts::show, "de-x-leicht", true, false},
          Row{"uk", Drafts::show, "de", false, true}}) {
        CAPTURE(row.wish);
        const auto shown = consent::words(entry, row.wish, row.drafts);
        REQUIRE(shown.has_value());
        CHECK(shown->language == row.gets);
        CHECK(shown->draft == row.draft);
        CHECK(shown->fell_back == row.fell_back);
        CHECK(shown->slots == &entry.wording.at(row.gets).slots);
    }
    CHECK(consent::offered(catalogue, Drafts::hide).size() == 1);
}

TEST_CASE("catalogue: a retired entry is not offered but can still be found") {
    Json json = catalogue_json();
    entry_of(json, "JBA-02")["status"] = "retired";
    const auto catalogue = load_json(json);
    CHECK(consent::offered(catalogue, Drafts::show).size() == 5);
    CHECK(catalogue.entry("JBA-02") != nullptr);
    CHECK(catalogue.entry("JBA-99") == nullptr);
}

TEST_CASE("catalogue: names fall back to the base language, then to German") {
    const consent::Texts texts{{"de", "Jugendamt"}, {"en", "Youth Office"}};
    CHECK(consent::text_for(texts, "en") == "Youth Office");
    CHECK(consent::text_for(texts, "en-GB") == "Youth Office");
    CHECK(consent::text_for(texts, "de-x-leicht") == "Jugendamt");
    CHECK(consent::text_for(texts, "ti") == "Jugendamt");
}

TEST_CASE("catalogue: bytes that are no catalogue are refused without a crash") {
    const std::string whole = catalogue_text();
    for (const std::string& text :
         {std::string(), std::string("{}"), std::string("[]"), std::string("null"),
          std::string("{\"schema\":\"freigabe-catalogue-1\"}"), whole.substr(0, whole.size() / 2),
          std::string(400, '['), std::string("{\"id\":\"\xFF\"}"), whole + "x",
          std::string("{\"entries\":{}}"), std::string("{\"entries\":[1,2]}")}) {
        const auto loaded = consent::load(base::as_bytes(text));
        REQUIRE_FALSE(loaded.has_value());
        CHECK(loaded.error().code == base::Errc::catalogue_bad);
    }
}
