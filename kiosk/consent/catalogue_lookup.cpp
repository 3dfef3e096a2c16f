// SPDX-License-Identifier: EUPL-1.2
// Finding things in a catalogue, and which words a person gets to read. See catalogue.hpp.
#include <algorithm>

#include "drivers/base/check.hpp"
#include "kiosk/consent/catalogue.hpp"

namespace consent {

namespace {

constexpr std::string_view master = "de";

template <class Items>
auto find_by_id(const Items& items, std::string_view id) -> const typename Items::value_type* {
    const auto found =
        std::find_if(items.begin(), items.end(), [id](const auto& item) { return item.id == id; });
    return found == items.end() ? nullptr : &*found;
}

/// "de-x-leicht" -> "de"; a tag without parts stays as it is.
std::string_view base_language(std::string_view tag) {
    return tag.substr(0, tag.find('-'));
}

/// The words in this language if they may be shown.
const Wording* allowed(const Entry& entry, std::string_view language, Drafts drafts) {
    const auto found = entry.wording.find(language);
    if (found == entry.wording.end()) return nullptr;
    if (found->second.draft() && drafts == Drafts::hide) return nullptr;
    return &found->second;
}

}  // namespace

const Authority* Catalogue::authority(std::string_view wanted) const {
    return find_by_id(authorities, wanted);
}

const Category* Catalogue::category(std::string_view wanted) const {
    return find_by_id(categories, wanted);
}

const Purpose* Catalogue::purpose(std::string_view wanted) const {
    return find_by_id(purposes, wanted);
}

const Duration* Catalogue::duration(std::string_view wanted) const {
    return find_by_id(durations, wanted);
}

const Entry* Catalogue::entry(std::string_view wanted) const {
    return find_by_id(entries, wanted);
}

std::optional<Shown> words(const Entry& entry, std::string_view language, Drafts drafts) {
    const auto shown = [&](const Wording& wording, std::string_view in) {
        return Shown{&wording.slots, std::string(in), wording.draft(),
                     base_language(language) != base_language(in)};
    };
    if (const Wording* own = allowed(entry, language, drafts)) return shown(*own, language);
    const std::string_view base = base_language(language);
    if (base != language) {
        if (const Wording* own = allowed(entry, base, drafts)) return shown(*own, base);
    }
    if (const Wording* german = allowed(entry, master, drafts)) return shown(*german, master);
    return std::nullopt;
}

std::vector<const Entry*> offered(const Catalogue& catalogue, Drafts drafts) {
    std::vector<const Entry*> out;
    for (const Entry& entry : catalogue.entries) {
        if (entry.status == EntryStatus::retired) continue;
        if (entry.status == EntryStatus::draft && drafts == Drafts::hide) continue;
        if (words(entry, master, drafts)) out.push_back(&entry);
    }
    return out;
}

std::string_view text_for(const Texts& texts, std::string_view language) {
    for (const std::string_view tag : {language, base_language(language), master}) {
        const auto found = texts.find(tag);
        if (found != texts.end()) return found->second;
    }
    CHECK(false);  // load() refuses a table without German
    return {};
}

const Common& common_for(const Catalogue& catalogue, std::string_view language) {
    for (const std::string_view tag : {language, base_language(language), master}) {
        const auto found = catalogue.common.find(tag);
        if (found != catalogue.common.end()) return found->second;
    }
    return catalogue.common.begin()->second;
}

}  // namespace consent
