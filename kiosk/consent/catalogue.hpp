// SPDX-License-Identifier: EUPL-1.2
// The catalogue as values: which releases there are, in whose words, between which authorities. It
// comes from a signed file (sync/downstream verifies it), so everything a person reads before
// deciding is fixed data and nothing is built by code. A Catalogue that load() returned keeps every
// rule of catalogue_rules.hpp, so screens need no "what if it is missing". Pure values, any thread.
// Format: assets/catalogue/README.md.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "kiosk/consent/calendar.hpp"
#include "sync/model/declaration.hpp"

namespace consent {

using model::ActType;

/// A text in several languages: BCP 47 tag -> text. German ("de") is the master.
using Texts = std::map<std::string, std::string, std::less<>>;

/// Whom one can turn to: shown whole, never abbreviated.
struct Contact {
    std::string name;
    std::string address;
    std::string mail;   ///< may be empty
    std::string phone;  ///< may be empty
    friend bool operator==(const Contact&, const Contact&) = default;
};

struct Authority {
    std::string id;    ///< "musterstadt-jugendamt"
    std::string icon;  ///< "authority-youth"
    std::string
        kind;  ///< agency, jobcenter, youth_office, school, provider, land, immigration, federal
    std::string
        legal_nature;  ///< who is answerable, for example "Stadt Musterstadt, örtlicher Träger"
    Texts name;        ///< "Jugendamt"
    Texts full_name;   ///< "Jugendamt Musterstadt"
    Contact controller;
    Contact protection_officer;
    Contact supervisor;  ///< where one complains
    /// Signs the codes of its letters: a JWK on P-256 (RFC 7517); empty = it sends none.
    std::string slip_key;
    Texts retention;  ///< how long it keeps what it has of a person; may be empty (LR-41)
    friend bool operator==(const Authority&, const Authority&) = default;
};

enum class Special : std::uint8_t { none, health, counselling };

struct Category {
    std::string id;    ///< "C07"
    std::string icon;  ///< "c07-counselling"
    Special special = Special::none;
    bool entrusted_possible = false;  ///< may hold what was told in confidence (§ 65 SGB VIII)
    Texts text;                       ///< chip: "Termine und verabredete Schritte"
    Texts brief;                      ///< row of the review: "Termine, Schritte"
    friend bool operator==(const Category&, const Category&) = default;
};

/// What an authority may say that it used data for, by the id in its report.
struct Purpose {
    std::string id;  ///< "placement"
    Texts text;      ///< "Arbeit oder Ausbildung finden"
    friend bool operator==(const Purpose&, const Purpose&) = default;
};

/// A way to limit a release in time: months or days, cut at a birthday if one is named.
struct Duration {
    std::string id;  ///< "m6"
    unsigned months = 0;
    unsigned days = 0;
    unsigned until_age_years = 0;
    Texts text;  ///< "6 Monate"
    /// No end: until taken back. For objections only (LR-20).
    [[nodiscard]] bool open() const { return months == 0 && days == 0 && until_age_years == 0; }
    friend bool operator==(const Duration&, const Duration&) = default;
};

/// Who may declare, by age (LR-30, LR-31). The ages are configuration.
enum class GuardianRule : std::uint8_t {
    guardians_below_capacity,  ///< below capacity age the guardians; from then on alone
    insight_check,             ///< the same, and staff check insight until majority
    alone_from_capacity,       ///< nobody else may; below capacity age it is not offered
    everybody,                 ///< notices
};

/// What is said about one entry in one language. All slots are filled (LR-03).
struct Slots {
    std::string title;     ///< "Hilfe-Verlauf"
    std::string question;  ///< "Darf das Jugendamt das weitersagen?"
    std::string
        summary;  ///< two sentences that say it all, for the decision page and for listening
    std::string purpose;      ///< Wofür?
    std::string without_yes;  ///< Und ohne Ihr Ja?
    std::string excluded;     ///< Nicht dabei:
    std::string withdrawal;   ///< Zurücknehmen?
    std::string ending;       ///< what happens when the time is over
    friend bool operator==(const Slots&, const Slots&) = default;
};

struct Wording {
    Slots slots;
    std::string approved_by;  ///< empty = draft
    std::string approved_at;  ///< "2026-11-24"
    [[nodiscard]] bool draft() const { return approved_by.empty(); }
    friend bool operator==(const Wording&, const Wording&) = default;
};

enum class EntryStatus : std::uint8_t { draft, active, retired };

struct LegalReview {
    bool done = false;  ///< false = pending
    std::string by;
    std::string date;
    std::string reference;
    friend bool operator==(const LegalReview&, const LegalReview&) = default;
};

struct Entry {
    std::string id;       ///< "JBA-03"
    std::string version;  ///< "1.0": a change of purpose, recipient or category raises the first
                          ///< number (LR-21)
    ActType act = ActType::consent;
    EntryStatus status = EntryStatus::draft;
    LegalReview legal_review;
    std::vector<std::string> sources;     ///< authority ids
    std::vector<std::string> recipients;  ///< authority ids
    bool recipients_chosen = false;  ///< the person picks from the recipients; false = all of them
    bool both_ways = false;          ///< sources and recipients tell each other
    bool one_time = false;           ///< for one occasion, for example one meeting
    std::vector<std::string> categories;
    std::vector<std::string> legal_basis;        ///< "Art. 6 Abs. 1 Buchst. a DSGVO"
    std::vector<std::string> transmission_norm;  ///< for health data (LR-11)
    bool double_confirm = false;
    bool excludes_entrusted = false;      ///< what was told in confidence is not part of it (LR-14)
    bool names_professional = false;      ///< the person names who may speak (LR-13)
    bool names_counterpart = false;       ///< and with whom
    std::vector<std::string> declarants;  ///< data_subject, guardian, entrusting_person
    GuardianRule guardian_rule = GuardianRule::guardians_below_capacity;
    std::vector<std::string> durations;  ///< ids offered, shortest first; empty for a notice
    std::string duration_default;
    std::map<std::string, Wording, std::less<>> wording;  ///< by language
    friend bool operator==(const Entry&, const Entry&) = default;
};

/// Words that every entry shares, in one language.
struct Common {
    std::string no_disadvantage;  ///< "Nicht weniger Geld, nicht weniger Hilfe."
    std::string voluntary;        ///< "Sie müssen nicht zustimmen."
    std::string complaint;        ///< "Sie können sich beschweren."
    friend bool operator==(const Common&, const Common&) = default;
};

struct Catalogue {
    std::string id;       ///< "musterstadt"
    std::string version;  ///< "1.0.0"
    Date valid_from{};
    Date valid_until{};
    std::vector<std::string> sites;  ///< where it is meant to be used
    std::vector<std::string> languages;
    std::map<std::string, Common, std::less<>> common;
    std::vector<Authority> authorities;
    std::vector<Category> categories;
    std::vector<Purpose> purposes;  ///< may be empty
    std::vector<Duration> durations;
    std::vector<Entry> entries;

    [[nodiscard]] const Authority* authority(std::string_view id) const;
    [[nodiscard]] const Category* category(std::string_view id) const;
    [[nodiscard]] const Purpose* purpose(std::string_view id) const;
    [[nodiscard]] const Duration* duration(std::string_view id) const;
    [[nodiscard]] const Entry* entry(std::string_view id) const;
};

/// Parses the exact bytes of a catalogue and applies every rule.
/// errors  catalogue_bad: `freigabectl catalogue check` says what and where.
base::Result<Catalogue> load(base::ByteView json);

/// Texts that no human has approved yet: hidden, or shown with the draft mark (demo and training
/// only).
enum class Drafts : std::uint8_t { hide, show };

/// What a person gets to read: the words, their language, and whether to say something about it.
struct Shown {
    const Slots* slots = nullptr;
    std::string language;  ///< of the words; differs from the wish if they are missing or hidden
    bool draft = false;    ///< mark it; a grant on it is refused outside demo and training
    bool fell_back =
        false;  ///< say that this text is not there in the person's language; offer a human
};

/// The words of an entry for a wish (architecture: section 8): the wished language if it is
/// approved, or a draft where drafts are shown; plain German falls back to German; everything else
/// falls back to German with a notice. returns  nothing if not even German may be shown: then the
/// entry is not offered.
[[nodiscard]] std::optional<Shown> words(const Entry& entry, std::string_view language,
                                         Drafts drafts);

/// Entries to offer in catalogue order: not retired, not of status draft unless drafts are shown,
/// with words to show.
[[nodiscard]] std::vector<const Entry*> offered(const Catalogue& catalogue, Drafts drafts);

/// One text of a table (names, chips) for a wish: wished language, else its base language, else
/// German.
[[nodiscard]] std::string_view text_for(const Texts& texts, std::string_view language);
/// The shared words for a wish, by the same rule.
[[nodiscard]] const Common& common_for(const Catalogue& catalogue, std::string_view language);

}  // namespace consent
