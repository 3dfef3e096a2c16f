// SPDX-License-Identifier: EUPL-1.2
// What a holder types, as types that cannot be mixed up, copied or printed; and the attestation
// without which a CAN never opens a reading session. Pure, any thread. Norms: BSI TR-03110-2 3.3
// (passwords), TR-03127 3.3, TR-03128-1.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"
#include "drivers/base/result.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/base/uuid.hpp"

namespace eid {

/// Six digits, or five while the card still has its transport PIN.
using Pin = base::Secret<struct PinTag, 6>;
/// Six digits printed on the card's front.
using Can = base::Secret<struct CanTag, 6>;
/// Ten digits from the PIN letter.
using Puk = base::Secret<struct PukTag, 10>;

/// SHA-1 over the machine readable zone. The norm's known answers use it; the product has no way to
/// enter one.
using MrzKey = base::Secret<struct MrzKeyTag, 20>;

/// The numbers that MSE:Set AT knows (TR-03110-3 B.14.1).
enum class PasswordId : std::uint8_t { mrz = 1, can = 2, pin = 3, puk = 4 };

inline constexpr std::size_t pin_digits = 6;
inline constexpr std::size_t transport_pin_digits = 5;
inline constexpr std::size_t can_digits = 6;
inline constexpr std::size_t puk_digits = 10;

/// Checks that a typed secret consists of `digits` ASCII digits. errors: secret_format_bad.
base::Result<void> check_digits(base::ByteView secret, std::size_t digits);

/// Proof that a member of staff has compared the photo with the person, made from that recorded
/// event and used up by one contact. The only way to a PACE with the CAN that reads data (on-site
/// reading, TR-03128-1 3.3.2).
class OnSiteAttestation {
  public:
    /// event  id of the recorded attestation event; never zero (CHECKed).
    explicit OnSiteAttestation(const base::Uuid& event) : event_(event) {
        CHECK(event != base::Uuid{});
    }
    OnSiteAttestation(const OnSiteAttestation&) = delete;
    OnSiteAttestation& operator=(const OnSiteAttestation&) = delete;
    OnSiteAttestation(OnSiteAttestation&& other) noexcept
        : event_(std::exchange(other.event_, base::Uuid{})) {}
    OnSiteAttestation& operator=(OnSiteAttestation&& other) noexcept {
        event_ = std::exchange(other.event_, base::Uuid{});
        return *this;
    }
    ~OnSiteAttestation() = default;
    [[nodiscard]] const base::Uuid& event() const { return event_; }
    /// False once moved from.
    [[nodiscard]] bool valid() const { return event_ != base::Uuid{}; }

  private:
    base::Uuid event_;
};

/// The holder at the terminal: the PIN, and the CAN if the PIN is suspended (one try left).
struct WithPin {
    Pin pin;
    std::optional<Can> can;
};
/// The holder before a member of staff.
struct OnSite {
    Can can;
    OnSiteAttestation attestation;
};
/// The holder at the terminal, who types at the reader's own pad: nothing secret comes here.
struct WithReaderPin {
    /// What happens when one try is left.
    enum class Suspended : std::uint8_t {
        refuse,   ///< pin_suspended
        ask_can,  ///< the reader asks for the CAN first, then for the PIN
    };
    Suspended suspended = Suspended::refuse;
    /// What the reader shows of the terminal (TR-03110-4 2.2.6), DER; must be the one that the
    /// terminal certificate names. Empty: nothing is shown.
    base::Bytes certificate_description;
};
using Credentials = std::variant<WithPin, OnSite, WithReaderPin>;

/// What the card says about its PIN, found out without costing a try (TR-03110-3 B.14.1).
enum class PinState : std::uint8_t {
    blocked = 0,      ///< 63C0: the PUK is needed
    suspended = 1,    ///< 63C1: the CAN is needed before the last try
    two_tries = 2,    ///< 63C2
    three_tries = 3,  ///< 9000
    deactivated = 4,  ///< 6283
};

}  // namespace eid
