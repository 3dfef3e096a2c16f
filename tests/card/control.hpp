// SPDX-License-Identifier: EUPL-1.2
// How a script or a demo puts the card in and out while it runs: one line of text per command, one
// line of answer, over a Unix socket or standard input. One thread.
#pragma once

#include "tests/card/bytes.hpp"

namespace card {

class ControlSocket {
  public:
    ControlSocket() = default;
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;
    ~ControlSocket();

    /// Path of a new socket (an old one there is replaced), "-" for standard input, "" for none.
    [[nodiscard]] bool open(const std::string& path);
    /// For poll(); -1 if there is none.
    [[nodiscard]] int descriptor() const { return listener_; }

    /// After poll() said readable: one command line, without line end. Nothing if the other side
    /// said nothing within a second.
    [[nodiscard]] std::optional<std::string> receive();
    /// Answers the line that receive() gave, and closes that conversation.
    void answer(const std::string& text);

  private:
    std::string path_;
    int listener_ = -1;
    int client_ = -1;
    bool standard_input_ = false;
};

/// The other end: sends one command, returns the answer line.
[[nodiscard]] std::optional<std::string> tell(const std::string& path, const std::string& command);

}  // namespace card
