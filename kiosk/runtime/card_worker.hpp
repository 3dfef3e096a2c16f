// SPDX-License-Identifier: EUPL-1.2
// The card thread: waits for readers and cards, asks for the PIN's state, performs one
// identification or one act on the PIN at a time. Its answers are events with the ticket of the
// question. A PIN lives here only while its run lasts, and nothing is ever repeated by itself.
// Called from the UI thread; owns a thread, and pcsc::Monitor owns another that only posts.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "drivers/base/bounded_queue.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/eid/date.hpp"
#include "drivers/eid/secrets.hpp"
#include "drivers/pcsc/monitor.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/terminal_authenticator.hpp"
#include "kiosk/core/effect.hpp"
#include "kiosk/runtime/mailbox.hpp"
#include "kiosk/runtime/pin_readiness.hpp"

namespace runtime {

/// What this terminal brings to a card; from the configuration, checked at start.
struct CardSettings {
    base::Bytes sector_key;                 ///< 7F49 with domain parameters
    std::vector<base::Bytes> trusted_csca;  ///< DER
};

/// What of it may be renewed while the kiosk runs.
struct CardRenewal {
    std::vector<base::Bytes> certificates;  ///< DER, of authorities and the terminal's own
    std::vector<base::Bytes> trusted_csca;
    std::optional<BlockListRule> block_list;
};

class CardWorker {
  public:
    struct Ports {
        Mailbox& mailbox;
        port::TerminalAuthenticator& authenticator;
        port::Clock& clock;
        /// Exchanges the authenticator's certificates; called on the card thread between two runs.
        std::function<base::Result<void>(const std::vector<base::Bytes>&)> renew_certificates = {};
    };
    /// All ports outlive the worker. Starts watching at once. block_list: nothing = cards are not
    /// looked up.
    CardWorker(CardSettings settings, std::optional<BlockListRule> block_list, Ports ports);
    ~CardWorker();
    CardWorker(const CardWorker&) = delete;
    CardWorker& operator=(const CardWorker&) = delete;

    /// The day by which certificates and documents are judged: from the time floor, set by the
    /// journal worker's reports. A new day is answered with CertificateChanged if it changes that.
    void set_today(eid::Date today);
    /// Takes these over before the next run; never during one.
    void renew(CardRenewal renewal);
    void probe(core::ProbePin question);
    void run(core::RunEid question);
    void run(core::RunEidWithCan question);
    void care(core::ChangePin question);
    void care(core::UnblockPin question);
    /// Stops what is under way at its next command and forgets what waits; the card is reset.
    void cancel();

  private:
    /// Looks whether the PIN can be used on this terminal now.
    struct LookAround {};
    using Job = std::variant<LookAround, core::ProbePin, core::RunEid, core::RunEidWithCan,
                             core::ChangePin, core::UnblockPin>;
    struct Place {
        std::string reader;
        unsigned insertion = 0;
        friend bool operator==(const Place&, const Place&) = default;
    };
    class Progress;

    void hear(const pcsc::Event& event);
    void post_reader_state();
    void enqueue(Job job);
    void refuse(const Job& job, base::Errc errc);
    void work(const std::stop_token& stop);
    void look_around();
    void take_over_renewal();
    void perform(LookAround) { look_around(); }
    void perform(core::ProbePin question);
    void perform(core::RunEid question);
    void perform(core::RunEidWithCan question);
    void perform(core::ChangePin question);
    void perform(core::UnblockPin question);
    void identify(core::Ticket ticket, core::Pin pin, std::optional<core::Can> can);
    [[nodiscard]] base::Result<void> change(core::ChangePin& question);
    [[nodiscard]] base::Result<void> unblock(core::UnblockPin& question);
    void tell_care(core::Ticket ticket, const base::Result<void>& result);
    void remember(const base::Error& error);
    [[nodiscard]] std::optional<Place> card_place();
    [[nodiscard]] base::Result<Place> asked_place(const char* where);
    [[nodiscard]] std::stop_token stop_of_run();
    [[nodiscard]] std::optional<eid::Date> today();

    CardSettings settings_;  // card thread only
    Ports ports_;
    crypto::SystemRandom random_;  // card thread only
    PinReadiness readiness_;       // card thread only
    // What the UI was told last; it begins with no obstacle (card thread only).
    PinObstacle obstacle_ = PinObstacle::none;
    // Which card last said what about its tries (card thread only): a run on another card or count
    // is refused unspent, since what was typed was typed for that one.
    std::optional<Place> asked_;
    std::optional<eid::PinState> pin_state_;
    base::BoundedQueue<Job> jobs_{4};

    std::mutex mutex_;  // guards what follows
    std::vector<std::string> readers_;
    std::optional<Place> card_;
    std::optional<core::Reader> trouble_;
    std::optional<eid::Date> today_;  // nothing until the first tick
    std::stop_source run_stop_;
    std::optional<CardRenewal> renewal_;  // not yet taken over

    std::jthread thread_;
    pcsc::Monitor monitor_;  // last member: its thread posts here, so it ends first
};

}  // namespace runtime
