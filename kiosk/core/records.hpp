// SPDX-License-Identifier: EUPL-1.2
// What is declared and what was declared, in the words of the screens. The runtime turns a Draft
// into the exact bytes of sync/model (id, time, place, hashes) and journal rows into Releases, so
// the core needs neither clock nor random. Pure values, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/core/personal.hpp"
#include "kiosk/core/setup.hpp"
#include "kiosk/core/slip_code.hpp"

namespace core {

/// Which offer, to whom, how long: what a person has picked so far.
struct Selection {
    std::size_t offer = 0;                      ///< index into Setup::offers
    std::vector<std::size_t> recipients;        ///< indices into Entry::recipients, ascending
    std::size_t term = 0;                       ///< index into Offer::terms
    std::optional<Invitation> invitation = {};  ///< the letter that asked for it
    friend bool operator==(const Selection&, const Selection&) = default;
};

/// What somebody wants to do for their PIN. Needs the card, but no certificate and no network.
enum class Care : std::uint8_t {
    own_pin,     ///< an own PIN in place of the five digits from the letter
    change_pin,  ///< another PIN in place of the present one
    unblock      ///< the PUK, after three wrong tries
};

/// What the card is needed for. Lives through card, PIN and reading, and holds nothing about the
/// person.
struct Task {
    enum class Kind : std::uint8_t {
        give,
        take_back,
        status,
        see,         ///< what others know and did
        ask_access,  ///< demand to be told formally
        care         ///< nothing but what `care` says
    };
    Kind kind = Kind::status;
    std::optional<Selection> selection;  ///< with give
    std::optional<Care> care = {};       ///< comes first; then the task goes on from the card
    friend bool operator==(const Task&, const Task&) = default;
};

/// How far a release has come at one authority; the words are kept apart on purpose
/// (design.md 1.2).
struct Delivery {
    enum class Stage : std::uint8_t { queued, sent, received, applied, withheld, not_usable };
    std::string authority;
    Stage stage = Stage::queued;
    std::optional<Date> on;
    std::string reason = {};  ///< of withheld: service_at_risk, entrusted, undisclosed; or empty
    friend bool operator==(const Delivery&, const Delivery&) = default;
};

/// One earlier declaration of this person: from their own copies on this device, or from the
/// backend, which knows those of all devices.
struct Release {
    enum class Standing : std::uint8_t {
        given,
        withdrawn,
        expired,
        suspended  ///< a note without proof waits for confirmation; it can be taken back
    };
    base::Uuid declaration;
    std::string entry;
    std::string version;  ///< empty = recorded elsewhere and not known here
    ActType act = ActType::consent;
    Standing standing = Standing::given;
    Date given_on{};
    std::optional<Date> until;
    std::vector<std::string> sources;
    std::vector<std::string> recipients;
    std::vector<std::string> categories;
    std::vector<Delivery> deliveries;  ///< sources first, then recipients
    bool elsewhere = false;            ///< recorded at another terminal
    bool kept_here = false;            ///< the person's own copy lies on this device
    bool ended_elsewhere = false;      ///< given here; what took it back was said at another one
    [[nodiscard]] bool can_be_taken_back() const {
        const bool lives = standing == Standing::given || standing == Standing::suspended;
        return lives && act != ActType::notice;
    }
    friend bool operator==(const Release&, const Release&) = default;
};

/// How the declaration was shown (LR-16). The hash of the words is added by the runtime, which has
/// them.
struct Shown {
    std::string language;
    std::uint16_t text_percent = 100;
    std::string contrast;
    bool draft = false;
    friend bool operator==(const Shown&, const Shown&) = default;
};

/// A declaration that is said but not yet journaled: lost on power cut ("drafted").
struct Draft {
    model::Event event = model::Event::given;
    ActType act = ActType::consent;
    std::string entry;  ///< empty when only targets say what is taken back
    std::string version;
    std::optional<model::Selection> selection;
    std::vector<model::Target> targets;
    Shown shown;
    Identified who;
    std::optional<Invitation> invitation = {};  ///< the letter that asked for it
    std::optional<TakeBackSlip> by_slip = {};  ///< in place of a person: `who` says the method only
    friend bool operator==(const Draft&, const Draft&) = default;
};

/// The two codes of a slip (architecture.md 4): finished texts for QR codes. take_back is empty on
/// a withdrawal.
struct Slip {
    std::string check;
    std::string take_back;
    friend bool operator==(const Slip&, const Slip&) = default;
};

/// Last day of a selection when given today; nothing if the act has no end.
[[nodiscard]] std::optional<Date> until(const Setup& setup, const Selection& selection, Date today);

/// errors  declaration_bad: see consent::select.
base::Result<Draft> make_grant(const Setup& setup, const Selection& selection, Identified who,
                               Date today, Shown shown);
/// Takes one declaration back: by its id, and by entry and recipient, so that an unseen copy
/// elsewhere falls too.
[[nodiscard]] Draft make_withdrawal(const Release& release, Identified who, Date today,
                                    Shown shown);
/// Demands of these authorities what they hold about the person. authorities: not empty.
[[nodiscard]] Draft make_access_request(const std::vector<std::string>& authorities, Identified who,
                                        Date today, Shown shown);
/// Takes back what a slip is for, and nothing else.
[[nodiscard]] Draft make_slip_withdrawal(const TakeBackSlip& slip, Shown shown);
/// Takes back everything this person ever gave, also what this device has never seen.
[[nodiscard]] Draft make_full_withdrawal(Identified who, Shown shown);

}  // namespace core
