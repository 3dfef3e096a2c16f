// SPDX-License-Identifier: EUPL-1.2
// One session with pcscd. When pcscd dies every call fails and SCardIsValidContext still says fine,
// so nobody asks it: a context that failed is thrown away and a new one is made. A context belongs
// to one thread, except for cancel().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"

namespace pcsc {

/// SCARDCONTEXT and SCARDHANDLE are both long in pcsc-lite; context.cpp asserts it.
using RawHandle = long;

/// Lets pcscd forget the context. Not for callers: the owner does it.
void release_context(RawHandle handle);

class Context {
  public:
    /// errors  reader_service_gone (no pcscd), reader_access_denied (polkit).
    static base::Result<Context> establish();

    [[nodiscard]] RawHandle get() const { return handle_.get(); }
    /// Names of the readers now connected, at most limits::readers_max.
    /// errors  those of errors.hpp except reader_missing: no reader is an empty list;
    ///         card_answer_bad for a list that is not terminated.
    base::Result<std::vector<std::string>> readers() const;
    /// Those of these readers that have a card in them now, in the same order.
    /// names   at most limits::readers_max (CHECKed). errors: those of errors.hpp.
    base::Result<std::vector<std::string>> with_card(const std::vector<std::string>& names) const;
    /// Ends a wait of another thread on this context; without effect if there is none.
    void cancel() const;

  private:
    explicit Context(RawHandle handle) : handle_(handle) {}
    base::Handle<RawHandle, release_context> handle_;
};

}  // namespace pcsc
