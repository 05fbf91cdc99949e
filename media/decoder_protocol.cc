#include "media/decoder_protocol.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lenscap {
namespace {

union ControlBuffer {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

// The descriptor in a message, or -1.
int DescriptorOf(msghdr& message) {
  int descriptor = -1;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS) {
      std::memcpy(&descriptor, CMSG_DATA(part), sizeof(descriptor));
    }
  }
  return descriptor;
}

}  // namespace

bool SendRecord(int socket, const void* record, size_t size, int descriptor) {
  iovec part = {const_cast<void*>(record), size};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  ControlBuffer control = {};
  if (descriptor >= 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof(control.bytes);
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof(descriptor));
    std::memcpy(CMSG_DATA(&control.header), &descriptor, sizeof(descriptor));
  }
  ssize_t sent;
  do {
    sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(size);
}

Received ReceiveRecord(int socket, void* record, size_t size, int* descriptor) {
  iovec part = {record, size};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  ControlBuffer control = {};
  if (descriptor != nullptr) {
    *descriptor = -1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof(control.bytes);
  }
  ssize_t received;
  do {
    received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  const bool whole = received == static_cast<ssize_t>(size) &&
                     (message.msg_flags & MSG_TRUNC) == 0;
  if (descriptor != nullptr && received >= 0) {
    *descriptor = DescriptorOf(message);
    if (!whole && *descriptor >= 0) {
      close(*descriptor);
      *descriptor = -1;
    }
  }
  if (whole) return Received::kRecord;
  return received > 0 ? Received::kOther : Received::kEnd;
}

}  // namespace lenscap
