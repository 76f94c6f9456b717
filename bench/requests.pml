/* The system of model.ts in Promela: N clients make K requests each through a driver, which has one of them outstanding at a
 * device; a watchdog looks on. A channel is a mailbox, a d_step is a step. What d_steps use among themselves is hidden, so that
 * it is no part of a state. */
#ifndef N
#define N 4
#endif
#ifndef K
#define K 2
#endif

mtype = { GO, DONE, READ, INTERRUPT, ARM, DISARM };
chan client_mail[N] = [2] of { mtype };
chan driver_mail = [N + 1] of { mtype, byte };
chan device_mail = [1] of { byte };
chan watchdog_mail = [2 * N * K] of { mtype };

mtype = { idle, waiting, done };
mtype client_is[N] = idle;
byte left[N] = K;
byte queue[N];
byte queued;
bool watching;

hidden mtype event;
hidden byte from;
hidden byte at;

active [N] proctype client() {
end:
	do
	:: d_step {
		client_mail[_pid]?event;
		if
		:: client_is[_pid] == idle && event == GO ->
			driver_mail!READ, _pid;
			client_is[_pid] = waiting
		:: client_is[_pid] == waiting && event == DONE ->
			left[_pid]--;
			client_mail[_pid]!GO;
			if
			:: left[_pid] == 0 -> client_is[_pid] = done
			:: else -> client_is[_pid] = idle
			fi
		:: else
		fi
	}
	od
}

/* It is busy when something is queued; the head of the queue is what the device works on. */
active proctype driver() {
end:
	do
	:: d_step {
		driver_mail?event, from;
		if
		:: event == READ ->
			queue[queued] = from;
			queued++;
			if
			:: queued == 1 ->
				device_mail!from;
				watchdog_mail!ARM
			:: else
			fi
		:: event == INTERRUPT && queued > 0 ->
			client_mail[queue[0]]!DONE;
			watchdog_mail!DISARM;
			for (at : 1 .. queued - 1) {
				queue[at - 1] = queue[at]
			}
			queued--;
			queue[queued] = 0;
			if
			:: queued > 0 ->
				device_mail!queue[0];
				watchdog_mail!ARM
			:: else
			fi
		:: else
		fi
	}
	od
}

active proctype device() {
end:
	do
	:: d_step {
		device_mail?from;
		driver_mail!INTERRUPT, 0
	}
	od
}

active proctype watchdog() {
end:
	do
	:: d_step {
		watchdog_mail?event;
		watching = (event == ARM)
	}
	od
}

/* Puts the first GO into each client's mailbox, and stays where it is: an init that ended would double the states. */
init {
	d_step {
		for (at : 0 .. N - 1) {
			client_mail[at]!GO
		}
	}
end:
	false
}
