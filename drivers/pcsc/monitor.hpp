// SPDX-License-Identifier: EUPL-1.2
// Watches readers and cards: a thread of its own that sleeps in pcscd until something happens and
// tells it as values. Lives through the death of pcscd: says so once, tries again, says when it is
// back. The handler runs on the monitor's thread and must only enqueue. Norm: PC/SC part 5
// (SCardGetStatusChange).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "drivers/base/result.hpp"
#include "drivers/pcsc/context.hpp"

namespace pcsc {

enum class EventKind : std::uint8_t {
    reader_added,
    reader_removed,
    card_inserted,
    card_removed,
    card_mute,     ///< something lies there that does not answer
    service_gone,  ///< pcscd is not there, or refuses us; `error` says which
    service_back,
};

struct Event {
    EventKind kind;
    std::string reader;      ///< empty for service events
    unsigned insertion = 0;  ///< event count of the reader; give it to Connection::open
    base::Errc error = base::Errc::reader_service_gone;  ///< for service_gone
};

class Monitor {
  public:
    using Handler = std::function<void(Event)>;
    /// Starts watching. The first events tell what is already there.
    explicit Monitor(Handler handler);
    /// Wakes the thread and waits for it: at most some milliseconds.
    ~Monitor();
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;

  private:
    struct Reader {
        std::uint32_t state = 0;  ///< as pcscd last reported it
        bool present = false;
        unsigned insertion = 0;
    };
    void run(const std::stop_token& stop);
    void watch(const std::stop_token& stop, const Context& context);
    std::optional<base::Errc> watch_once(const Context& context);
    base::Result<void> refresh_readers(const Context& context);
    base::Result<void> wait_for_change(const Context& context);
    void report(const std::string& name, Reader& reader, std::uint32_t state);
    void forget_all();
    void service_lost(base::Errc error);

    Handler handler_;
    std::map<std::string, Reader> readers_;
    bool service_known_gone_ = false;
    std::mutex mutex_;                  ///< guards context_
    const Context* context_ = nullptr;  ///< the one being waited on, for the destructor's cancel
    std::condition_variable_any pause_;
    std::atomic<bool> ended_ = false;
    std::jthread thread_;  ///< last member: ends before the others go
};

}  // namespace pcsc
