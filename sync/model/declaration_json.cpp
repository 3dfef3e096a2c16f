// SPDX-License-Identifier: EUPL-1.2
// A declaration as exact bytes. Writer and reader stand side by side, field by field, so that a
// change of one is seen beside the other.
#include "sync/model/declaration_json.hpp"

#include <algorithm>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"

namespace model {
namespace {

using std::string_view;

constexpr string_view schema = "freigabe-declaration-1";
constexpr std::size_t line_bytes_max = 400;

// In the order of the enumerations.
constexpr std::array<string_view, 5> act_type_words{"consent", "confidentiality_release",
                                                    "objection", "once_only_decision", "notice"};
constexpr std::array<string_view, 2> event_words{"given", "withdrawn"};
constexpr std::array<string_view, 2> subject_kind_words{"pseudonym", "random"};
constexpr std::array<string_view, 3> role_words{"data_subject", "guardian", "entrusting_person"};
constexpr std::array<string_view, 2> variant_words{"std", "leicht"};
constexpr std::array<string_view, 5> method_words{"eid_pin", "eid_can_onsite", "staff_attested",
                                                  "receipt_code", "provisional"};
constexpr std::array<string_view, 4> level_words{"hoch", "substantiell", "normal", "none"};
constexpr std::array<string_view, 3> quality_words{"unknown", "wall", "floor"};

template <std::size_t N, class Enum>
string_view word_in(const std::array<string_view, N>& words, Enum value) {
    return words.at(static_cast<std::size_t>(value));
}

template <class Enum, std::size_t N>
Enum read_word(JsonFields& fields, const char* key, const std::array<string_view, N>& words) {
    const std::string text = fields.text(key, 32);
    const auto found = std::find(words.begin(), words.end(), text);
    if (found == words.end()) {
        fields.refuse();
        return Enum{};
    }
    return static_cast<Enum>(found - words.begin());
}

std::string write(const EntryRef& entry) {
    return JsonWriter()
        .text("id", entry.id.get())
        .text("version", entry.version)
        .text("catalogue_version", entry.catalogue_version)
        .bytes("catalogue_hash", entry.catalogue_hash)
        .done();
}

bool read(const Json& json, EntryRef& out) {
    JsonFields fields(json);
    out.id = EntryId(fields.text("id", 64));
    out.version = fields.text("version", 64);
    out.catalogue_version = fields.text("catalogue_version", 64);
    out.catalogue_hash = fields.digest("catalogue_hash");
    return fields.ok();
}

std::string write(const Target& target) {
    return std::visit(
        base::Overloaded{
            [](const TargetDeclaration& t) {
                return JsonWriter().text("declaration", base::to_text(t.declaration)).done();
            },
            [](const TargetSubject&) { return JsonWriter().boolean("subject", true).done(); },
            [](const TargetRecipient& t) {
                return JsonWriter().text("recipient", t.recipient.get()).done();
            },
            [](const TargetEntryRecipient& t) {
                return JsonWriter()
                    .text("entry", t.entry.get())
                    .text("recipient", t.recipient.get())
                    .done();
            }},
        target);
}

bool read(const Json& json, Target& out) {
    JsonFields fields(json);
    if (fields.has("declaration")) {
        out = TargetDeclaration{fields.uuid("declaration")};
    } else if (fields.has("subject")) {
        if (!fields.boolean("subject")) fields.refuse();
        out = TargetSubject{};
    } else if (fields.has("entry")) {
        EntryId entry(fields.text("entry", 64));
        out = TargetEntryRecipient{std::move(entry), AuthorityId(fields.text("recipient", 64))};
    } else {
        out = TargetRecipient{AuthorityId(fields.text("recipient", 64))};
    }
    return fields.ok();
}

std::string write(const SubjectRef& subject) {
    return JsonWriter().text("kind", word(subject.kind)).bytes("value", subject.value).done();
}

bool read(const Json& json, SubjectRef& out) {
    JsonFields fields(json);
    out.kind = read_word<SubjectKind>(fields, "kind", subject_kind_words);
    out.value = fields.bytes("value", 16, 64);
    return fields.ok();
}

std::string write(const Person& person) {
    return JsonWriter()
        .text("family_name", person.family_name)
        .text("given_names", person.given_names)
        .text("birth_date", person.birth_date)
        .done();
}

bool read(const Json& json, Person& out) {
    JsonFields fields(json);
    out.family_name = fields.text("family_name", line_bytes_max);
    out.given_names = fields.text_or_empty("given_names", line_bytes_max);
    out.birth_date = fields.text("birth_date", 10);
    return fields.ok();
}

std::vector<std::string> texts_of(const std::vector<AuthorityId>& ids) {
    std::vector<std::string> out;
    out.reserve(ids.size());
    for (const AuthorityId& id : ids) out.push_back(id.get());
    return out;
}

std::vector<std::string> read_texts(JsonFields& fields, const char* key) {
    std::vector<std::string> out;
    for (const Json& item : fields.array(key, limits::targets_max)) {
        if (!item.is_string()) {
            fields.refuse();
            break;
        }
        out.push_back(item.get<std::string>());
    }
    return out;
}

std::vector<AuthorityId> read_authorities(JsonFields& fields, const char* key) {
    std::vector<AuthorityId> out;
    for (std::string& text : read_texts(fields, key)) out.emplace_back(std::move(text));
    return out;
}

Date read_date(JsonFields& fields, const char* key) {
    const auto date = parse_date(fields.text(key, 10));
    if (!date) fields.refuse();
    return date.value_or(Date{});
}

std::string write(const Selection& selection) {
    JsonWriter out;
    out.texts("sources", texts_of(selection.sources))
        .texts("recipients", texts_of(selection.recipients))
        .texts("categories", selection.categories)
        .texts("topics", selection.topics)
        .text("from", to_text(selection.from));
    if (selection.to) out.text("to", to_text(*selection.to));
    return out.done();
}

bool read(const Json& json, Selection& out) {
    JsonFields fields(json);
    out.sources = read_authorities(fields, "sources");
    out.recipients = read_authorities(fields, "recipients");
    out.categories = read_texts(fields, "categories");
    out.topics = read_texts(fields, "topics");
    out.from = read_date(fields, "from");
    if (fields.has("to")) out.to = read_date(fields, "to");
    return fields.ok();
}

std::string write(const Presentation& presentation) {
    return JsonWriter()
        .text("language", presentation.language)
        .text("variant", word(presentation.variant))
        .bytes("text_hash", presentation.text_hash)
        .number("text_percent", presentation.text_percent)
        .text("contrast", presentation.contrast)
        .boolean("review_shown", presentation.review_shown)
        .boolean("draft", presentation.draft)
        .done();
}

bool read(const Json& json, Presentation& out) {
    JsonFields fields(json);
    out.language = fields.text("language", 35);
    out.variant = read_word<TextVariant>(fields, "variant", variant_words);
    out.text_hash = fields.digest("text_hash");
    out.text_percent = static_cast<std::uint16_t>(fields.number("text_percent", 400));
    out.contrast = fields.text("contrast", 64);
    out.review_shown = fields.boolean("review_shown");
    out.draft = fields.boolean("draft");
    return fields.ok();
}

std::string write(const Assurance& assurance) {
    return JsonWriter()
        .text("method", word(assurance.method))
        .text("level", word(assurance.level))
        .number("certificate_age_h", assurance.certificate_age_h)
        .done();
}

bool read(const Json& json, Assurance& out) {
    JsonFields fields(json);
    out.method = read_word<Method>(fields, "method", method_words);
    out.level = read_word<Level>(fields, "level", level_words);
    out.certificate_age_h =
        static_cast<std::uint32_t>(fields.number("certificate_age_h", UINT32_MAX));
    return fields.ok();
}

std::string write(const Place& place) {
    return JsonWriter()
        .text("terminal", base::to_text(place.terminal))
        .text("site", place.site)
        .done();
}

bool read(const Json& json, Place& out) {
    JsonFields fields(json);
    out.terminal = fields.uuid("terminal");
    out.site = fields.text("site", line_bytes_max);
    return fields.ok();
}

std::string write(const Time& time) {
    return JsonWriter()
        .text("wall", to_rfc3339(time.wall_ms))
        .number("floor_ms", time.floor_ms)
        .text("quality", word(time.quality))
        .done();
}

bool read(const Json& json, Time& out) {
    JsonFields fields(json);
    const auto wall = parse_rfc3339(fields.text("wall", 24));
    if (!wall) fields.refuse();
    out.wall_ms = wall.value_or(0);
    out.floor_ms = fields.number("floor_ms", unix_ms_max);
    out.quality = read_word<TimeQuality>(fields, "quality", quality_words);
    return fields.ok();
}

/// Reads one object member into `out`.
template <class T>
void read_member(JsonFields& fields, const char* key, T& out) {
    if (!read(fields.object(key), out)) fields.refuse();
}

template <class T>
void read_optional(JsonFields& fields, const char* key, std::optional<T>& out) {
    if (fields.has(key)) read_member(fields, key, out.emplace());
}

}  // namespace

std::string_view word(ActType value) {
    return word_in(act_type_words, value);
}
std::string_view word(Event value) {
    return word_in(event_words, value);
}
std::string_view word(SubjectKind value) {
    return word_in(subject_kind_words, value);
}
std::string_view word(DeclarantRole value) {
    return word_in(role_words, value);
}
std::string_view word(TextVariant value) {
    return word_in(variant_words, value);
}
std::string_view word(Method value) {
    return word_in(method_words, value);
}
std::string_view word(Level value) {
    return word_in(level_words, value);
}
std::string_view word(TimeQuality value) {
    return word_in(quality_words, value);
}

base::Result<std::string> encode(const Declaration& d) {
    TRY_VOID(validate(d));
    JsonWriter out;
    out.text("schema", schema)
        .text("id", base::to_text(d.id))
        .text("act_type", word(d.act_type))
        .text("event", word(d.event));
    if (d.entry) out.raw("entry", write(*d.entry));
    std::vector<std::string> targets;
    for (const Target& target : d.targets) targets.push_back(write(target));
    out.raw("targets", json_array(targets));
    if (d.resumes) out.text("resumes", base::to_text(*d.resumes));
    if (d.subject) out.raw("subject", write(*d.subject));
    if (d.person) out.raw("person", write(*d.person));
    out.text("declarant_role", word(d.declarant_role));
    if (d.selection) out.raw("selection", write(*d.selection));
    out.raw("presentation", write(d.presentation))
        .raw("assurance", write(d.assurance))
        .raw("place", write(d.place))
        .raw("time", write(d.time));
    if (d.slip_hash) out.bytes("slip_hash", *d.slip_hash);
    std::string text = out.done();
    if (text.size() > limits::declaration_bytes_max) {
        return base::fail(base::Errc::declaration_bad, "declaration too long");
    }
    return text;
}

base::Result<Declaration> parse_declaration(std::string_view text) {
    const auto json = parse_json(text, limits::declaration_bytes_max);
    if (!json) return base::fail(base::Errc::declaration_bad, json.error().where);
    JsonFields fields(*json);
    Declaration d;
    if (fields.text("schema", 64) != schema) fields.refuse();
    d.id = fields.uuid("id");
    d.act_type = read_word<ActType>(fields, "act_type", act_type_words);
    d.event = read_word<Event>(fields, "event", event_words);
    read_optional(fields, "entry", d.entry);
    for (const Json& item : fields.array("targets", limits::targets_max)) {
        if (!read(item, d.targets.emplace_back(TargetSubject{}))) fields.refuse();
    }
    if (fields.has("resumes")) d.resumes = fields.uuid("resumes");
    read_optional(fields, "subject", d.subject);
    read_optional(fields, "person", d.person);
    d.declarant_role = read_word<DeclarantRole>(fields, "declarant_role", role_words);
    read_optional(fields, "selection", d.selection);
    read_member(fields, "presentation", d.presentation);
    read_member(fields, "assurance", d.assurance);
    read_member(fields, "place", d.place);
    read_member(fields, "time", d.time);
    if (fields.has("slip_hash")) d.slip_hash = fields.digest("slip_hash");
    if (!fields.ok()) return base::fail(base::Errc::declaration_bad, "declaration members");
    TRY_VOID(validate(d));
    return d;
}

}  // namespace model
