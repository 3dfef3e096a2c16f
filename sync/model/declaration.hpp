// SPDX-License-Identifier: EUPL-1.2
// What a citizen declared: the plaintext that is sealed to the backend and kept as the citizen's
// own copy. Apart from its JSON form (declaration_json.hpp), so that screens and rules build and
// read values, never text. Pure values, any thread.
// Norm: ISO/IEC TS 27560 (consent record), as cut down in the project's architecture, section 4.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/base/strong.hpp"
#include "drivers/base/uuid.hpp"

namespace model {

/// A SHA-256 value or a tag of the same size.
using Digest = std::array<std::uint8_t, 32>;
/// 1..64 characters of A-Z a-z 0-9 . _ - ; so a wildcard is no id.
using EntryId = base::Strong<struct EntryIdTag, std::string>;
using AuthorityId = base::Strong<struct AuthorityIdTag, std::string>;
using Date = std::chrono::year_month_day;

enum class ActType : std::uint8_t {
    consent,
    confidentiality_release,
    objection,
    once_only_decision,
    notice
};
enum class Event : std::uint8_t { given, withdrawn };
enum class SubjectKind : std::uint8_t { pseudonym, random };
enum class DeclarantRole : std::uint8_t { data_subject, guardian, entrusting_person };
enum class TextVariant : std::uint8_t { std, leicht };
enum class Method : std::uint8_t {
    eid_pin,
    eid_can_onsite,
    staff_attested,
    receipt_code,
    provisional
};
enum class Level : std::uint8_t { hoch, substantiell, normal, none };
/// Which clock the record may be judged by; the numbers stand in the header.
enum class TimeQuality : std::uint8_t { unknown = 0, wall = 1, floor = 2 };

/// The one purpose: an entry of the signed catalogue, pinned by the hash of its file.
struct EntryRef {
    EntryId id;
    std::string version;            ///< "1.0": a change of meaning raises the first number (LR-21)
    std::string catalogue_version;  ///< "1.0.0"
    Digest catalogue_hash{};
    friend bool operator==(const EntryRef&, const EntryRef&) = default;
};

/// What a withdrawal or objection is aimed at: one declaration, or a selector.
struct TargetDeclaration {
    base::Uuid declaration;
    friend bool operator==(const TargetDeclaration&, const TargetDeclaration&) = default;
};
struct TargetSubject {
    friend bool operator==(const TargetSubject&, const TargetSubject&) = default;
};
struct TargetRecipient {
    AuthorityId recipient;
    friend bool operator==(const TargetRecipient&, const TargetRecipient&) = default;
};
struct TargetEntryRecipient {
    EntryId entry;
    AuthorityId recipient;
    friend bool operator==(const TargetEntryRecipient&, const TargetEntryRecipient&) = default;
};
using Target =
    std::variant<TargetDeclaration, TargetSubject, TargetRecipient, TargetEntryRecipient>;

/// Who, as a key: the card's pseudonym, or 32 random bytes that live only inside the record.
struct SubjectRef {
    SubjectKind kind = SubjectKind::pseudonym;
    base::Bytes value;  ///< 16..64 bytes
    friend bool operator==(const SubjectRef&, const SubjectRef&) = default;
};

/// Who, as an authority knows them.
struct Person {
    std::string family_name;
    std::string given_names;
    std::string birth_date;  ///< "1984-07-01"; unknown parts are spaces, as on the card
    friend bool operator==(const Person&, const Person&) = default;
};

struct Selection {
    std::vector<AuthorityId> sources;
    std::vector<AuthorityId> recipients;
    std::vector<std::string> categories;  ///< "C07"
    std::vector<std::string> topics;
    Date from{};
    std::optional<Date> to;  ///< a consent or release always has an end (LR-20)
    friend bool operator==(const Selection&, const Selection&) = default;
};

/// How it was shown, so that the text can be shown again the same way (LR-16).
struct Presentation {
    std::string language;  ///< BCP 47, for example "de"
    TextVariant variant = TextVariant::std;
    Digest text_hash{};
    std::uint16_t text_percent = 100;
    std::string contrast;  ///< name of the theme
    bool review_shown = false;
    bool draft = false;  ///< text not yet approved; only in demo and training
    friend bool operator==(const Presentation&, const Presentation&) = default;
};

struct Assurance {
    Method method = Method::eid_pin;
    Level level = Level::hoch;
    std::uint32_t certificate_age_h = 0;  ///< of the terminal certificate; 0 without a card
    friend bool operator==(const Assurance&, const Assurance&) = default;
};

struct Place {
    base::Uuid terminal;
    std::string site;
    friend bool operator==(const Place&, const Place&) = default;
};

struct Time {
    std::uint64_t wall_ms = 0;
    std::uint64_t floor_ms = 0;
    TimeQuality quality = TimeQuality::unknown;
    friend bool operator==(const Time&, const Time&) = default;
};

/// One act of one person about one purpose. What may be absent when: see validate.
struct Declaration {
    base::Uuid id;
    ActType act_type = ActType::consent;
    Event event = Event::given;
    std::optional<EntryRef> entry;
    std::vector<Target> targets;
    std::optional<base::Uuid> resumes;
    std::optional<SubjectRef> subject;
    std::optional<Person> person;
    DeclarantRole declarant_role = DeclarantRole::data_subject;
    std::optional<Selection> selection;
    Presentation presentation;
    Assurance assurance;
    Place place;
    Time time;
    std::optional<Digest> slip_hash;
    friend bool operator==(const Declaration&, const Declaration&) = default;
};

/// Checks the rules that need no catalogue:
///   given       entry, subject, person and selection are there; method is not receipt_code or
///               provisional; the review was shown. consent and confidentiality_release: sources,
///               recipients and categories not empty, an end; objection and once_only_decision:
///               recipients not empty. No targets except for an objection. LR-02.
///   withdrawn   at least one target; nothing that a receipt or a note cannot know is required:
///               receipt_code aims at exactly one declaration and names nobody, any other method
///               names a subject, provisional names a person. Never a notice.
///   always      ids and texts in their character set, no id twice, from <= to, from not before the
///               day of capture in UTC (LR-06; German local days never lie before it), targets <=
///               limits::targets_max, recipients <= limits::recipients_max.
/// errors      declaration_bad; `where` names the rule.
base::Result<void> validate(const Declaration& declaration);

/// Milliseconds that judge the capture: the floor if the wall clock is known to be wrong, else the
/// wall.
[[nodiscard]] std::uint64_t capture_ms(const Time& time);

}  // namespace model
