// SPDX-License-Identifier: EUPL-1.2
// The one public call that reads an eID card: the whole general authentication procedure in its
// only order. Nothing a card says reaches the caller before passive and chip authentication have
// both succeeded. Card thread only, one contact. Norms: BSI TR-03110-2 2.4 (general authentication
// procedure) and parts 3 and 4; on-site: TR-03128-1 3.3.2.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/eid/auxiliary.hpp"
#include "drivers/eid/block_list.hpp"
#include "drivers/eid/contact.hpp"
#include "drivers/eid/data_groups.hpp"
#include "drivers/eid/passive_auth.hpp"
#include "drivers/eid/pin_management.hpp"
#include "drivers/eid/restricted_id.hpp"
#include "drivers/eid/rights.hpp"
#include "drivers/eid/secrets.hpp"
#include "drivers/port/card_transport.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "drivers/port/terminal_authenticator.hpp"

namespace eid {

/// Parts of a run, in their order; for progress bars and timings.
enum class Step : std::uint8_t {
    card_access,
    pace,
    terminal_auth,
    passive_auth,
    chip_auth,
    auxiliary,
    restricted_id,
    data_groups,
};
inline constexpr std::size_t steps_count = 8;

/// Follows a run on the card thread; must return at once.
class AuthenticateObserver : public TryObserver {
  public:
    virtual void on_step(Step step) = 0;
    /// Told at the end of every run, also of a failed one.
    virtual void on_apdu_count(unsigned count) = 0;
};

enum class WantRestrictedId : std::uint8_t { none, pseudonym, pseudonym_and_block_list_id };

/// What happens when a data group that was asked for cannot be had: forbidden by the certificate or
/// by the card, or with content that breaks its definition.
enum class Refusals : std::uint8_t {
    fail,    ///< the run ends
    report,  ///< the rights asked for are narrowed, the group is named in the result
};

struct RefusedGroup {
    DataGroup group;
    base::Error error;
    base::Bytes content;  ///< what was read but could not be decoded; else empty
};

/// Refuses cards that were reported lost, before any data group is read.
struct BlockListCheck {
    BlockListView list;      ///< what it shows is kept by the caller until the run is over
    base::Bytes sector_key;  ///< 7F49 of the revocation sector, the one the list was made for
};

struct AuthenticateRequest {
    Credentials credentials;        ///< wiped as soon as PACE is over
    std::vector<DataGroup> groups;  ///< only these are asked for, and only the rights for them
    WantRestrictedId restricted_id = WantRestrictedId::none;
    base::Bytes sector_key;  ///< 7F49 with domain parameters; needed for restricted identification
    AuxiliaryChecks auxiliary;
    std::vector<base::Bytes>
        trusted_csca;           ///< DER; empty = the signature is checked, its signer is not
    std::optional<Date> today;  ///< by the time floor; checks the terminal's certificates
    std::optional<PinState>
        expected_pin_state;  ///< what was shown; another state ends the run unspent
    Refusals refusals = Refusals::fail;
    /// Costs 2 APDUs (restricted identification with key 1); nothing = no card is looked up.
    std::optional<BlockListCheck> block_list = std::nullopt;
    /// For an authority: switches the PIN on or off, last of all. The holder's PIN or, with the
    /// right to it, the CAN opens the run; a PIN that is off leaves only the CAN.
    std::optional<PinActivity> pin_activity = std::nullopt;
};

struct AuthenticatePorts {
    port::CardTransport& card;
    port::TerminalAuthenticator& authenticator;
    port::Clock& clock;
    port::Random& random;
    AuthenticateObserver* observer = nullptr;
    std::stop_token stop = {};
};

struct StepTime {
    Step step;
    std::uint64_t ms;
};

struct AuthenticateResult {
    std::optional<Pseudonym> pseudonym;
    std::optional<BlockListId> block_list_id;
    GroupValues groups;
    std::vector<DataGroup> absent;      ///< asked for, allowed, and not on this card
    std::vector<RefusedGroup> refused;  ///< only with Refusals::report
    AuxiliaryResults auxiliary;
    PassiveAuthLevel passive_auth = PassiveAuthLevel::no_trust_anchor;
    Rights rights;  ///< what the holder's CHAT allowed in this run
    unsigned apdus = 0;
    std::vector<StepTime> times;
};

/// The rights a request needs, and thus the CHAT the holder agrees to. A certificate without the
/// right of restricted identification is used without: most cards do not ask for it (TR-03110-4
/// 2.2.3.2).
[[nodiscard]] Rights needed_rights(const AuthenticateRequest& request);

/// Runs PACE, terminal authentication, passive authentication, chip authentication and then what
/// was asked for. Checks its own certificates, dates, rights and sector key first, so that no try
/// is spent on a run that cannot succeed.
/// errors  2xx of PACE; secret_format_bad; attestation_missing; reader_feature_missing and those of
///         port::PinPad (PIN at the reader); certificate_bad,
///         certificate_expired, certificate_chain_bad, right_missing; terminal_auth_refused;
///         passive_auth_failed; chip_auth_failed; restricted_id_failed; card_on_block_list;
///         config_bad (the block list is for another sector); data_group_bad; sm_mac_wrong;
///         cancelled; those of port::CardTransport.
/// cost    limits::eid_run_apdus_max APDUs for a full run; 2 more with a block list; 4 fewer with
///         the PIN at the reader, which sends those itself.
base::Result<AuthenticateResult> authenticate(AuthenticateRequest request,
                                              const AuthenticatePorts& ports);

}  // namespace eid
