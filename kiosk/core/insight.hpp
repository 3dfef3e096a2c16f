// SPDX-License-Identifier: EUPL-1.2
// What is known about the person who stands here, as authorities reported it to the backend: whose
// reports are complete until when, what was released anywhere, what is asked for, what was done.
// Lives in places that hold an identified person, and nowhere else (K1). Pure values, any thread.
// Norm: domain LR-41, LR-42, LR-43.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/errc.hpp"
#include "kiosk/core/moment.hpp"
#include "kiosk/core/records.hpp"

namespace core {

/// How complete one authority's part is.
struct SourceReport {
    std::string authority;
    std::string name;        ///< as the backend calls it, for one that the catalogue does not know
    bool concerned = false;  ///< it was named in a declaration of this person
    bool reports = false;
    std::optional<Moment> complete;  ///< everything up to then is reported
    friend bool operator==(const SourceReport&, const SourceReport&) = default;
};
/// Somebody used or passed on data. Of a withheld one nothing but authority and day is known.
struct Access {
    enum class Coverage : std::uint8_t {
        covered,  ///< by a release
        late,     ///< after it was taken back, before the authority was told
        none
    };
    std::string authority;
    bool withheld = false;
    Moment at;
    Coverage coverage = Coverage::covered;
    std::string entry;
    std::string recipient;  ///< empty = used by the authority itself
    std::vector<std::string> categories;
    std::string purpose;
    friend bool operator==(const Access&, const Access&) = default;
};
/// An authority asks for a release.
struct Wish {
    std::string authority;
    std::string entry;
    std::optional<Date> until;
    friend bool operator==(const Wish&, const Wish&) = default;
};
struct Known {
    std::vector<SourceReport> sources;
    std::vector<Release> releases;  ///< of all terminals, those of this one too
    std::vector<Wish> wishes;
    std::vector<Access> accesses;       ///< newest first
    std::optional<std::uint64_t> next;  ///< there is more: where to go on
    Moment as_of;
    friend bool operator==(const Known&, const Known&) = default;
};

/// A question for it, and how it stands.
struct Lookup {
    enum class Stage : std::uint8_t {
        none,  ///< not asked
        asked,
        known,
        no_line,      ///< no network, or nobody who carries the question
        no_answer,    ///< nothing came in time
        busy,         ///< too many questions at the moment
        not_believed  ///< something came that is not the backend's word for this session
    };
    Stage stage = Stage::none;
    std::uint64_t since_ms = 0;  ///< when it was asked, on the boot clock
    bool wants_line = false;     ///< not asked for want of a line: asked as soon as there is one
    Known known;                 ///< what has come so far, also while more is asked for
    friend bool operator==(const Lookup&, const Lookup&) = default;
};

/// How a failure of the question is told.
[[nodiscard]] Lookup::Stage stage_of(base::Errc errc);
/// Adds a page to what is known already.
void take_in(Lookup& lookup, Known page);
/// Puts what the backend knows of all terminals to the list of this one: states that it knows
/// better, ends that this terminal has not heard of, and releases from elsewhere, newest first
/// behind its own, so that nothing moves away under a finger. What was taken back here stays taken
/// back, although nobody may know of it yet.
void merge_releases(std::vector<Release>& own, const std::vector<Release>& everywhere);

}  // namespace core
