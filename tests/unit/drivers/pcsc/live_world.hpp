// SPDX-License-Identifier: EUPL-1.2
// What tests beside a real pcscd share: virtual cards as processes of ours, the monitor's events
// one by one, and pcscd itself. The program of the virtual card comes in the environment as
// FREIGABE_CARD. One thread, besides the monitor's.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "drivers/base/bounded_queue.hpp"
#include "drivers/pcsc/monitor.hpp"

namespace pcsc_test {

/// The virtual card as a process of ours: in from construction to destruction.
class CardProcess {
  public:
    /// port  where a reader waits for it.
    explicit CardProcess(unsigned port = 35963, const std::string& person = "leyla");
    ~CardProcess();
    CardProcess(const CardProcess&) = delete;
    CardProcess& operator=(const CardProcess&) = delete;

  private:
    pid_t pid_ = 0;
};

/// Collects events; waits for one kind and drops the others.
class Events {
  public:
    pcsc::Monitor::Handler handler();
    /// The next of this kind, if it comes within half a minute; of this reader, if one is named.
    std::optional<pcsc::Event> wait_for(pcsc::EventKind kind, const std::string& reader = {});
    /// What wait_for() passed over.
    [[nodiscard]] const std::vector<pcsc::Event>& passed() const { return passed_; }

  private:
    base::BoundedQueue<pcsc::Event> queue_{64};
    std::vector<pcsc::Event> passed_;
};

/// The process at the other end of pcscd's socket.
[[nodiscard]] pid_t pid_of_pcscd();

}  // namespace pcsc_test
